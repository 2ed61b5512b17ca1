import { AsyncResource } from 'node:async_hooks';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandId } from '../manifest';

/** What a prompt resolves to when the user goes back a step. */
export const BACK = Symbol('back');

export interface PromptOptions {
  readonly title: string;
  readonly placeholder?: string;
  /** Counted from 1. */
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
}

export interface InputOptions extends PromptOptions {
  readonly prompt: string;
  readonly value?: string;
  readonly password?: boolean;
  /** A sentence when the value cannot be right. */
  readonly validate?: (value: string) => string | undefined;
  /**
   * Tries the value while the prompt stays open, and resolves to a sentence when it has to be corrected. `dismissed` aborts
   * when the user no longer waits for the outcome.
   */
  readonly submit?: (value: string, dismissed: AbortSignal) => Promise<string | undefined>;
}

export interface PickItem<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/**
 * Asks for a text. Stays open when it loses focus, since the password may have to be fetched from somewhere else.
 * @throws {vscode.CancellationError} on Esc
 */
export async function input(options: InputOptions): Promise<string | typeof BACK> {
  const box = vscode.window.createInputBox();
  const dismissed = new AbortController();
  let isBusy = false;
  applyOptions(box, options);
  box.prompt = options.prompt;
  box.value = options.value ?? '';
  box.password = options.password ?? false;

  const accept = async (): Promise<string | undefined> => {
    const { value } = box;
    const problem = options.validate?.(value) ?? (options.submit && (await whileBusy(() => options.submit?.(value, dismissed.signal))));
    if (problem === undefined) return value;
    if (dismissed.signal.aborted) return undefined;
    box.validationMessage = { message: problem, severity: vscode.InputBoxValidationSeverity.Error };
    box.valueSelection = [0, value.length];
    return undefined;
  };
  const whileBusy = async <T>(work: () => T): Promise<Awaited<T>> => {
    isBusy = box.busy = true;
    box.enabled = false;
    try {
      return await work();
    } finally {
      isBusy = box.busy = false;
      box.enabled = true;
      // A box that was disabled has lost the focus.
      if (!dismissed.signal.aborted) box.show();
    }
  };

  return new Promise<string | typeof BACK>((resolve, reject) => {
    box.onDidTriggerButton((button) => (button === vscode.QuickInputButtons.Back ? resolve(BACK) : void vscode.commands.executeCommand('zeyos.showLog' satisfies CommandId)));
    box.onDidChangeValue(() => (box.validationMessage = undefined));
    // Without it, what follows from the user's answer would belong to no operation in the log.
    const onDidAccept = AsyncResource.bind(() => {
      if (!isBusy) accept().then((value) => value !== undefined && resolve(value), reject);
    });
    box.onDidAccept(() => onDidAccept());
    box.onDidHide(() => reject(new vscode.CancellationError()));
    box.show();
  }).finally(() => {
    dismissed.abort();
    box.dispose();
  });
}

/**
 * Asks for one of several. Stays open when it loses focus.
 * @throws {vscode.CancellationError} on Esc
 */
export async function pick<T>(items: readonly (PickItem<T> | vscode.QuickPickItem)[], options: PromptOptions): Promise<T | typeof BACK> {
  const picker = vscode.window.createQuickPick<PickItem<T> | vscode.QuickPickItem>();
  applyOptions(picker, options);
  picker.items = items;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  return new Promise<T | typeof BACK>((resolve, reject) => {
    picker.onDidTriggerButton(() => resolve(BACK));
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      if (item && 'value' in item) resolve(item.value);
    });
    picker.onDidHide(() => reject(new vscode.CancellationError()));
    picker.show();
  }).finally(() => picker.dispose());
}

function applyOptions(prompt: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>, options: PromptOptions): void {
  prompt.title = options.title;
  prompt.placeholder = options.placeholder;
  prompt.step = options.step;
  prompt.totalSteps = options.totalSteps;
  prompt.ignoreFocusOut = true;
  const showLog: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('output'), tooltip: l10n.t('Show Log') };
  prompt.buttons = [...(options.canGoBack ? [vscode.QuickInputButtons.Back] : []), ...('password' in prompt ? [showLog] : [])];
}
