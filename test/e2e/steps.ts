import type { Locator } from 'playwright-core';
import { byPassword, STATUS, until, type Window } from './editor';

export interface ConsumerResult {
  readonly name: string;
  readonly username?: string;
  readonly account?: string;
  readonly error?: string;
}

export function consumerResults({ bridge }: Window): Promise<readonly ConsumerResult[]> {
  return bridge.evaluate(`return (await ext('zeyos-samples.zeyos-consumer')).results`);
}

/** Resolves to the consumer’s new result after `work`. It may be an error, and may come late. */
export async function newConsumerResult(
  window: Window,
  name: string,
  work: () => Promise<unknown>,
): Promise<ConsumerResult> {
  const before = (await consumerResults(window)).filter((result) => result.name === name).length;
  await work();
  return until(
    `a result of the consumer's ${name}`,
    async () => (await consumerResults(window)).filter((result) => result.name === name)[before],
  );
}

/** Allows an extension to use a session, picks the account if the editor asks, and waits until `result` is visible. */
export async function allow({ workbench }: Window, account: string, result: Locator): Promise<void> {
  await workbench.dialogClick('Allow');
  const choice = workbench.quickInput.row(account);
  await choice.or(result).first().waitFor();
  if (await choice.isVisible()) await choice.click();
  await result.waitFor();
}

/** Runs a command as an extension or a keybinding does. Resolves to its result, or `null` for none. */
export function execute<T>({ bridge }: Window, command: string, argument?: unknown): Promise<T | null> {
  return bridge.evaluate('return vscode.commands.executeCommand(arg.command, arg.argument ?? undefined)', {
    command,
    argument,
  });
}

/** The text of the document in the active tab, rendered or not; empty if there is none. */
export function shownDocument({ bridge }: Window): Promise<string> {
  return bridge.evaluate(
    `const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input?.uri ? (await vscode.workspace.openTextDocument(input.uri)).getText() : ''`,
  );
}

export function passwordPrompt(userName: string): RegExp {
  return new RegExp(`The password is sent to .* only\\. User name: ${userName.replaceAll('.', '\\.')}`);
}

export function oneTimeCodePrompt(userName: string): RegExp {
  return new RegExp(`The one-time code is sent to .* only\\. User name: ${userName.replaceAll('.', '\\.')}`);
}

export async function fillIn(
  { workbench }: Window,
  instance: string,
  userName: string,
  password: string,
): Promise<void> {
  // The prompt before may have the same title.
  await workbench.quickInput.widget.getByText('User name on').waitFor();
  await workbench.quickInput.answer(`Sign in to ${instance}`, userName);
  await answerPassword({ workbench }, instance, userName, password);
}

/** Clicks the status bar item until a prompt opens: a click is lost if the editor draws the item anew meanwhile. */
export async function clickUntilAsked({ workbench }: Window): Promise<void> {
  await until('a prompt', async () => {
    await workbench.statusClick(STATUS);
    return workbench.quickInput.box
      .waitFor({ timeout: 5_000 })
      .then(() => true)
      .catch(() => false);
  });
}

export async function answerPassword(
  { workbench }: Pick<Window, 'workbench'>,
  instance: string,
  userName: string,
  password: string,
): Promise<void> {
  await workbench.quickInput.widget.getByText(passwordPrompt(userName)).waitFor();
  await workbench.quickInput.answer(`Sign in to ${instance}`, password);
}

/** The accounts that the editor knows. No consent is needed. */
export async function accounts({ bridge }: Window): Promise<readonly string[]> {
  return bridge.evaluate(`return (await vscode.authentication.getAccounts('zeyos')).map(({ label }) => label)`);
}

export async function accountsAre(window: Window, ...labels: readonly string[]): Promise<void> {
  const wanted = JSON.stringify([...labels].sort());
  await until(`the accounts ${wanted}`, async () => JSON.stringify([...(await accounts(window))].sort()) === wanted);
}

export async function configure({ bridge }: Window, key: string, value: unknown): Promise<void> {
  await bridge.evaluate(
    'await vscode.workspace.getConfiguration().update(arg.key, arg.value, vscode.ConfigurationTarget.Global)',
    { key, value: byPassword({ [key]: value })[key] },
  );
}

/** Answers how to sign in, which is asked if the setting does not say. */
export async function chooseMethod(
  { workbench }: Window,
  instance: string,
  method: 'User Name and Password' | 'Browser' | 'Token',
): Promise<void> {
  await workbench.quickInput.pick(`Sign in to ${instance}`, method);
}

export async function clearNotifications(window: Window): Promise<void> {
  await until('no notification', async () => {
    await execute(window, 'notifications.clearAll');
    if ((await window.workbench.page.locator('.notification-list-item').count()) === 0) return true;
    // A list that was opened while it was empty keeps what it showed then. It lets go of that only if it is opened once
    // more.
    await execute(window, 'notifications.showList');
    return false;
  });
}

/** The visible notifications, each in one line. */
export async function notifications({ workbench }: Window): Promise<readonly string[]> {
  return (await workbench.page.locator('.notification-toast .notification-list-item-message').allInnerTexts()).map(
    (text) => text.replace(/\s+/g, ' ').trim(),
  );
}

/** Waits for a notification in the list. A toast hides itself, and is not shown if another one follows quickly. */
export async function notification(window: Window, text: string | RegExp): Promise<Locator> {
  const listed = window.workbench.page
    .locator('.notifications-center .notification-list-item')
    .filter({ hasText: text });
  await until(`the notification ${String(text)}`, async () => {
    if ((await listed.count()) > 0) return true;
    await execute(window, 'notifications.showList');
    return false;
  });
  return listed;
}

export async function closeEditors(window: Window): Promise<void> {
  await execute(window, 'workbench.action.closeAllEditors');
}

export async function noQuickInput({ workbench }: Window): Promise<void> {
  await workbench.quickInput.widget.waitFor({ state: 'hidden' });
}

/** Gives the window the focus or takes it, and waits until its extensions know. */
export async function focus({ workbench, bridge }: Window, isFocused: boolean): Promise<void> {
  await workbench.focus(isFocused);
  await until(
    `a window that is ${isFocused ? '' : 'not '}focused`,
    async () => (await bridge.evaluate('return vscode.window.state.focused')) === isFocused,
  );
}
