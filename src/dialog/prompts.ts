import { AsyncResource } from 'node:async_hooks';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { hasInvisible, withoutInvisible } from '../base/invisible';
import { inert } from '../hiding/plainText';
import { runCommand } from './ownCommand';

/** What a prompt, or a step of several, resolves to when the user goes back a step. */
export const BACK = Symbol('back');
/** A prompt resolves to it when the user chooses the alternative button. */
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
   * How to treat invisible characters in the value, which come with pasted text. `remove`: they cannot have a meaning.
   * `refuse`, the default: remove them at the ends, and refuse a value that contains one. `keep`: they belong to the
   * value, as in a password, which the server compares character by character.
   */
  readonly invisible?: 'remove' | 'refuse' | 'keep';
  /** Returns a sentence if the value is invalid. */
  readonly validate?: (value: string) => string | undefined;
  /** Returns a sentence about the effect of the value, which is shown while the user edits. */
  readonly hint?: (value: string) => string | undefined;
  /**
   * Tries the value while the prompt stays open, and resolves to why the value is refused. `dismissed` aborts when the
   * user has closed the prompt.
   */
  readonly submit?: (value: string, dismissed: AbortSignal) => Promise<Refusal | undefined>;
  readonly buttons?: readonly PromptButton[];
  /** The label of the button that resolves to {@link ALTERNATIVE}. */
  readonly alternative?: string;
  /** Whether to show a progress bar. */
  readonly isWaiting?: () => boolean;
  /** The sentence that says why the prompt is shown again. */
  readonly problem?: string;
  /** Closes the prompt, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** A value that may arrive without the user; it is submitted like a typed one. */
  readonly arriving?: Promise<string>;
}

export interface Refusal {
  readonly message: string;
  readonly buttons?: readonly PromptButton[];
}

export interface PromptButton {
  readonly icon: string;
  readonly tooltip: string;
  readonly run: () => unknown;
}

export interface PickItem<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/**
 * Treats the invisible characters as {@link InputOptions.invisible} says. Returns the value, and a sentence if the
 * value is refused.
 */
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

/** As {@link input}, with a button that resolves to {@link ALTERNATIVE}. */
export async function input(
  options: StepInputOptions & { readonly alternative: string },
): Promise<string | typeof BACK | typeof ALTERNATIVE>;
/** As {@link input}, with a button that leads back. */
export async function input(options: StepInputOptions): Promise<string | typeof BACK>;
/**
 * Asks for a text. It stays open when it loses the focus, because the user may have to get the password from another
 * program.
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
    // The message replaces the prompt, which says where a secret is sent.
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
    // The message was about the previous value.
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
    // The values are tried one after the other, because one may arrive while another is tried. `bind` keeps the work in
    // the operation of the log that opened the prompt.
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
 * Asks for one of several items. It stays open when it loses the focus.
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

/** Makes the texts of an item inert, because a quick pick renders icons in all of them. */
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
