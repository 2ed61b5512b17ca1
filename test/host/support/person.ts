import * as assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { replace } from './replace';
import { until } from './until';

export interface Message {
  readonly text: string;
  readonly detail: string;
  readonly isModal: boolean;
  readonly buttons: readonly string[];
}

interface Prompt {
  readonly box: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>;
  isAnswered: boolean;
  isGone: boolean;
}

/**
 * Simulates the user. The prompts are the editor’s own, and are accepted and dismissed by its commands. The class only
 * fills in their values. It also receives dialogs and messages, which an editor under test does not show.
 */
export class Person {
  readonly messages: Message[] = [];
  readonly opened: string[] = [];
  clipboard = '';
  /** Returns the button to click in a dialog, or `undefined` for Cancel. */
  reply: (dialog: Message) => string | undefined = () => undefined;
  /** Returns the button to click in a message that is not a dialog. */
  click: (message: Message) => string | undefined = () => undefined;
  readonly #prompts: Prompt[] = [];
  readonly #clicks = new Map<object, (button: vscode.QuickInputButton) => unknown>();
  readonly #rowClicks = new Map<object, (event: vscode.QuickPickItemButtonEvent<vscode.QuickPickItem>) => unknown>();
  readonly #undo: (() => void)[];

  constructor() {
    const { createInputBox, createQuickPick } = vscode.window;
    const message = (text: string, ...rest: readonly unknown[]): Promise<string | undefined> => {
      const options = (typeof rest[0] === 'object' ? rest[0] : {}) as vscode.MessageOptions;
      const shown: Message = {
        text,
        detail: options.detail ?? '',
        isModal: options.modal === true,
        buttons: rest.filter((item) => typeof item === 'string'),
      };
      this.messages.push(shown);
      return Promise.resolve(shown.isModal ? this.reply(shown) : this.click(shown));
    };
    const clipboard: vscode.Clipboard = {
      readText: () => Promise.resolve(this.clipboard),
      writeText: (text) => {
        this.clipboard = text;
        return Promise.resolve();
      },
    };
    this.#undo = [
      replace(vscode.window, 'createInputBox', () => this.#watch(createInputBox())),
      replace(vscode.window, 'createQuickPick', () => this.#watch(createQuickPick())),
      replace(vscode.window, 'showInformationMessage', message),
      replace(vscode.window, 'showWarningMessage', message),
      replace(vscode.window, 'showErrorMessage', message),
      replace(vscode.env, 'clipboard', clipboard),
      replace(vscode.env, 'openExternal', (uri: vscode.Uri) => {
        this.opened.push(uri.toString(true));
        return Promise.resolve(true);
      }),
    ];
  }

  /** Types into the next or present prompt and accepts. Resolves to its validation message, if any. */
  async type(text: string): Promise<string | undefined> {
    const prompt = await this.#next();
    const { box } = prompt;
    assert.ok('password' in box, 'a box to type in was expected');
    box.validationMessage = undefined;
    box.value = text;
    // The editor receives the value in the next turn.
    await delay(0);
    await this.#press(
      'workbench.action.acceptSelectedQuickOpenItem',
      () => prompt.isGone || box.busy || problemOf(box.validationMessage) !== undefined,
    );
    await until(() => prompt.isGone || !box.busy);
    prompt.isAnswered = prompt.isGone;
    return prompt.isGone ? undefined : problemOf(box.validationMessage);
  }

  async pick(label: string): Promise<void> {
    const prompt = await this.#next();
    const { box } = prompt;
    assert.ok('items' in box, 'a list to pick from was expected');
    const item = await until(() => box.items.find((each) => each.label === label));
    box.activeItems = [item];
    await delay(0);
    await this.#press('workbench.action.acceptSelectedQuickOpenItem', () => prompt.isGone);
  }

  /** Clicks a button of the open prompt, for which the editor has no command. */
  clickButton(tooltip: string): void {
    const box = this.prompt;
    const button = box?.buttons.find((each) => each.tooltip === tooltip);
    assert.ok(box && button, `there is no button "${tooltip}"`);
    this.#clicks.get(box)?.(button);
  }

  /** Clicks a button in a row of the list that is open. The editor has no command for that. */
  async clickRowButton(label: string, tooltip: string): Promise<void> {
    const { box } = await this.#next();
    assert.ok('items' in box, 'a list was expected');
    const item = await until(() => box.items.find((each) => each.label === label));
    const button = item.buttons?.find((each) => each.tooltip === tooltip);
    assert.ok(button, `the row "${label}" has no button "${tooltip}"`);
    this.#rowClicks.get(box)?.({ item, button });
  }

  /** Presses Esc in the next prompt. Resolves to its prompt or placeholder. */
  async dismiss(): Promise<string> {
    const prompt = await this.#next();
    const { box } = prompt;
    await this.#press('workbench.action.closeQuickOpen', () => prompt.isGone);
    return ('password' in box ? box.prompt : box.placeholder) ?? '';
  }

  /** Presses Esc in every prompt until `done` is settled. */
  async dismissAllUntil<T>(done: Thenable<T>): Promise<T> {
    const state = { isDone: false };
    const settled = Promise.resolve(done).finally(() => (state.isDone = true));
    settled.catch(() => undefined);
    while (!(await this.#isSoon(() => state.isDone))) {
      if (this.prompt) await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    }
    return settled;
  }

  get prompt(): vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem> | undefined {
    return this.#prompts.find(({ isGone }) => !isGone)?.box;
  }

  /** The text of all messages and dialogs. */
  get heard(): string {
    return this.messages.map(({ text, detail }) => `${text}\n${detail}`).join('\n');
  }

  leave(): void {
    for (const undo of this.#undo.reverse()) undo();
  }

  #watch<T extends vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>>(box: T): T {
    const prompt: Prompt = { box, isAnswered: false, isGone: false };
    this.#prompts.push(prompt);
    const { onDidTriggerButton } = box;
    Object.defineProperty(box, 'onDidTriggerButton', {
      value: (listener: (button: vscode.QuickInputButton) => unknown) => {
        this.#clicks.set(box, listener);
        return onDidTriggerButton(listener);
      },
    });
    if ('items' in box) {
      const { onDidTriggerItemButton } = box;
      Object.defineProperty(box, 'onDidTriggerItemButton', {
        value: (listener: (event: vscode.QuickPickItemButtonEvent<vscode.QuickPickItem>) => unknown) => {
          this.#rowClicks.set(box, listener);
          return onDidTriggerItemButton(listener);
        },
      });
    }
    const dispose = box.dispose.bind(box);
    box.dispose = () => {
      prompt.isGone = true;
      dispose();
    };
    return box;
  }

  #next(): Promise<Prompt> {
    return until(() => this.#prompts.find(({ isAnswered, isGone }) => !isAnswered && !isGone));
  }

  /** Repeats the command, because the first one may run before the prompt is open. */
  async #press(command: string, isDone: () => boolean): Promise<void> {
    await until(async () => {
      if (!isDone()) await vscode.commands.executeCommand(command);
      return isDone();
    });
  }

  async #isSoon(what: () => boolean): Promise<boolean> {
    await delay(20);
    return what();
  }
}

/** Returns the error message of a prompt. A hint, which the editor shows in the same place, is not an error. */
function problemOf(shown: string | vscode.InputBoxValidationMessage | undefined): string | undefined {
  if (typeof shown !== 'object') return shown;
  return shown.severity === vscode.InputBoxValidationSeverity.Info ? undefined : shown.message;
}
