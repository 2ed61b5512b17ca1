import { AsyncResource } from 'node:async_hooks';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { hasInvisible, withoutInvisible } from '../base/invisible';
import { inert } from '../base/plainText';
import { runCommand } from './ownCommand';

/** What a prompt, or a step of several, resolves to when the user goes back a step. */
export const BACK = Symbol('back');
/** What a prompt resolves to when the user wants to get there in another way. */
export const ALTERNATIVE = Symbol('alternative');

export interface PromptOptions {
  readonly title: string;
  readonly placeholder?: string;
}

/** Options of a prompt with an earlier one to go back to. */
interface CanGoBack {
  /** Whether to show the button that leads back. */
  readonly canGoBack: boolean;
}

/** Options of an {@link input} with an earlier prompt to go back to. */
export interface StepInputOptions extends Omit<InputOptions, 'submit'>, CanGoBack {
  /** As {@link InputOptions.submit}; resolves to {@link BACK} if an earlier answer is not accepted. */
  readonly submit?: (value: string, dismissed: AbortSignal) => Promise<Refusal | typeof BACK | undefined>;
}

export interface InputOptions extends PromptOptions {
  readonly prompt: string;
  readonly value?: string;
  readonly password?: boolean;
  /**
   * What to do about characters in the value that the user cannot see. They come along with text that is pasted.
   * `remove`: they cannot mean anything. `refuse`, the default: remove them at the ends, and refuse a value that contains one.
   * `keep`: they belong to the value, as in a password, which the server compares character by character.
   */
  readonly invisible?: 'remove' | 'refuse' | 'keep';
  /** A sentence when the value cannot be right. */
  readonly validate?: (value: string) => string | undefined;
  /** A sentence about what follows from the value that is in the box, shown while the user edits it. */
  readonly hint?: (value: string) => string | undefined;
  /**
   * Tries the value while the prompt stays open, and resolves to why it is not accepted. `dismissed` aborts when the user no longer
   * waits for the outcome.
   */
  readonly submit?: (value: string, dismissed: AbortSignal) => Promise<Refusal | undefined>;
  readonly buttons?: readonly PromptButton[];
  /** What a button is called that leads elsewhere. */
  readonly alternative?: string;
  /** Whether to show that something is awaited. */
  readonly isWaiting?: () => boolean;
  /** Why it is asked again. */
  readonly problem?: string;
  /** Ends the prompt, which rejects with its reason then. */
  readonly signal?: AbortSignal;
  /** A value that may arrive by itself; it is submitted as if it had been typed. */
  readonly arriving?: Promise<string>;
}

/** Why a value is not accepted, with what may help besides another one. */
export interface Refusal {
  readonly message: string;
  readonly buttons?: readonly PromptButton[];
}

/** A button in the title bar of a prompt. */
export interface PromptButton {
  readonly icon: string;
  readonly tooltip: string;
  readonly run: () => unknown;
}

export interface PickItem<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** A value as {@link InputOptions.invisible} wants it, and a sentence if it contains what it may not. */
function read(
  text: string,
  { invisible = 'refuse' }: Pick<InputOptions, 'invisible'>,
): { readonly value: string; readonly problem?: string } {
  if (invisible === 'keep') return { value: text };
  const value = withoutInvisible(text, invisible === 'remove' ? 'everywhere' : 'atEnds');
  if (!hasInvisible(value)) return { value };
  return {
    value,
    problem: l10n.t('The text contains an invisible character. Delete it, or type the text instead of pasting it.'),
  };
}

/** As {@link input}, with a button that leads elsewhere. */
export async function input(
  options: StepInputOptions & { readonly alternative: string },
): Promise<string | typeof BACK | typeof ALTERNATIVE>;
/** As {@link input}, with a button that leads back. */
export async function input(options: StepInputOptions): Promise<string | typeof BACK>;
/**
 * Asks for a text. Stays open when it loses focus, since the password may have to be fetched from somewhere else.
 * @throws {vscode.CancellationError} on Esc
 */
export async function input(options: InputOptions): Promise<string>;
export async function input(
  options: InputOptions | StepInputOptions,
): Promise<string | typeof BACK | typeof ALTERNATIVE> {
  const box = vscode.window.createInputBox();
  const dismissed = new AbortController();
  let isBusy = false;
  applyOptions(box, options);
  const alternative =
    options.alternative === undefined
      ? undefined
      : { iconPath: new vscode.ThemeIcon('arrow-swap'), tooltip: options.alternative };
  let buttons = new Map<vscode.QuickInputButton, () => unknown>();
  const showButtons = (further: readonly PromptButton[] = []): void => {
    buttons = new Map(
      [...further, ...(options.buttons ?? []), showLog()].map(({ icon, tooltip, run }) => [
        { iconPath: new vscode.ThemeIcon(icon), tooltip },
        run,
      ]),
    );
    box.buttons = [
      ...('canGoBack' in options && options.canGoBack ? [vscode.QuickInputButtons.Back] : []),
      ...(alternative ? [alternative] : []),
      ...buttons.keys(),
    ];
  };
  showButtons();
  box.prompt = inert(options.prompt);
  box.value = options.value ?? '';
  box.password = options.password ?? false;
  box.busy = options.isWaiting?.() ?? false;
  const showProblem = (problem: string): void => {
    // It takes the place of the prompt, which says where a secret goes.
    const message = options.password ? `${problem} ${options.prompt}` : problem;
    box.validationMessage = { message: inert(message), severity: vscode.InputBoxValidationSeverity.Error };
  };
  const showHint = (): void => {
    const message = options.hint?.(read(box.value, options).value);
    box.validationMessage =
      message === undefined ? undefined : { message: inert(message), severity: vscode.InputBoxValidationSeverity.Info };
  };
  showHint();
  if (options.problem !== undefined) showProblem(options.problem);

  const accept = async (entered: string): Promise<string | typeof BACK | undefined> => {
    if (dismissed.signal.aborted) return undefined;
    const { value, problem } = read(entered, options);
    const invalid = problem ?? options.validate?.(value);
    const { submit } = options;
    const refusal =
      invalid === undefined ? submit && (await whileBusy(() => submit(value, dismissed.signal))) : { message: invalid };
    if (refusal === undefined) return value;
    if (refusal === BACK) return BACK;
    if (dismissed.signal.aborted) return undefined;
    showProblem(refusal.message);
    showButtons(refusal.buttons);
    box.valueSelection = [0, entered.length];
    return undefined;
  };
  const whileBusy = async <T>(work: () => T): Promise<Awaited<T>> => {
    isBusy = box.busy = true;
    // What was wrong with the last value says nothing about this one.
    box.validationMessage = undefined;
    box.enabled = false;
    try {
      return await work();
    } finally {
      isBusy = false;
      box.busy = options.isWaiting?.() ?? false;
      box.enabled = true;
      // A box that was disabled has lost the focus.
      if (!dismissed.signal.aborted) box.show();
    }
  };

  return new Promise<string | typeof BACK | typeof ALTERNATIVE>((resolve, reject) => {
    box.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) resolve(BACK);
      else if (button === alternative) resolve(ALTERNATIVE);
      else void buttons.get(button)?.();
    });
    box.onDidChangeValue(showHint);
    let last: Promise<unknown> = Promise.resolve();
    // One after the other, as one may arrive while another is tried. Bound, or else what follows from the user's answer would
    // belong to no operation in the log.
    const tryValue = AsyncResource.bind((value: string): void => {
      last = last.then(() => accept(value)).then((accepted) => accepted !== undefined && resolve(accepted), reject);
    });
    box.onDidAccept(() => {
      if (!isBusy) tryValue(box.value);
    });
    options.arriving?.then(tryValue, reject);
    options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error), { once: true });
    box.onDidHide(() => reject(new vscode.CancellationError()));
    box.show();
  }).finally(() => {
    dismissed.abort();
    box.dispose();
  });
}

/** As {@link pick}, with a button that leads back. */
export async function pick<T>(
  items: readonly (PickItem<T> | vscode.QuickPickItem)[],
  options: PromptOptions & CanGoBack,
): Promise<T | typeof BACK>;
/**
 * Asks for one of several. Stays open when it loses focus.
 * @throws {vscode.CancellationError} on Esc
 */
export async function pick<T>(
  items: readonly (PickItem<T> | vscode.QuickPickItem)[],
  options: PromptOptions,
): Promise<T>;
export async function pick<T>(
  items: readonly (PickItem<T> | vscode.QuickPickItem)[],
  options: PromptOptions & Partial<CanGoBack>,
): Promise<T | typeof BACK> {
  const picker = vscode.window.createQuickPick<PickItem<T> | vscode.QuickPickItem>();
  applyOptions(picker, options);
  picker.buttons = options.canGoBack ? [vscode.QuickInputButtons.Back] : [];
  picker.items = items.map((item) => ({ ...item, ...inertTexts(item) }));
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

/** Quick picks render icons in all of their texts. */
export function inertTexts({
  label,
  description,
  detail,
}: vscode.QuickPickItem): Pick<vscode.QuickPickItem, 'label' | 'description' | 'detail'> {
  return {
    label: inert(label),
    ...(description !== undefined && { description: inert(description) }),
    ...(detail !== undefined && { detail: inert(detail) }),
  };
}

function applyOptions(prompt: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>, options: PromptOptions): void {
  prompt.title = inert(options.title);
  prompt.placeholder = options.placeholder;
  prompt.ignoreFocusOut = true;
}

function showLog(): PromptButton {
  return { icon: 'output', tooltip: l10n.t('Show Log'), run: () => runCommand('zeyos.showLog') };
}
