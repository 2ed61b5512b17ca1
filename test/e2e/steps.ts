import type { Locator } from 'playwright-core';
import { byPassword, until, type Window } from './editor';

/** What the sample of another extension got, oldest first. */
export interface ConsumerResult {
  readonly name: string;
  readonly username?: string;
  readonly account?: string;
  readonly error?: string;
}

export function consumerResults({ bridge }: Window): Promise<readonly ConsumerResult[]> {
  return bridge.evaluate(`return (await ext('zeyos-samples.zeyos-consumer')).results`);
}

/** The result of `work` among the consumer's; it may be an error, and it may be long in coming. */
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

/** Lets an extension have a session, and picks the account, should the editor ask which; then `result` shows. */
export async function allow({ workbench }: Window, account: string, result: Locator): Promise<void> {
  await workbench.dialogClick('Allow');
  const choice = workbench.quickInput.row(account);
  await choice.or(result).first().waitFor();
  if (await choice.isVisible()) await choice.click();
  await result.waitFor();
}

/** Starts a command as another extension or a keybinding does. Resolves to what it returns; `null` for nothing. */
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

/** Answers the prompts for user name and password. */
export async function fillIn(
  { workbench }: Window,
  instance: string,
  userName: string,
  password: string,
): Promise<void> {
  // The question before this one may have the same title.
  await workbench.quickInput.widget.getByText('User name on').waitFor();
  await workbench.quickInput.answer(`Sign in to ${instance}`, userName);
  await answerPassword({ workbench }, instance, userName, password);
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

/** The accounts that the editor knows; asking needs nobody's consent. */
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

/** Answers how to sign in, which is asked where the setting does not say. */
export async function chooseMethod(
  { workbench }: Window,
  instance: string,
  method: 'User Name and Password' | 'Browser' | 'Token',
): Promise<void> {
  await workbench.quickInput.pick(`Sign in to ${instance}`, method);
}

export async function clearNotifications(window: Window): Promise<void> {
  await execute(window, 'notifications.clearAll');
  await until(
    'no notification',
    async () => (await window.workbench.page.locator('.notification-list-item').count()) === 0,
  );
}

/** The notifications that show, each in one line. */
export async function notifications({ workbench }: Window): Promise<readonly string[]> {
  return (await workbench.page.locator('.notification-toast .notification-list-item-message').allInnerTexts()).map(
    (text) => text.replace(/\s+/g, ' ').trim(),
  );
}

/** A notification in the list of them: a toast goes by itself, and is not raised when one follows the other too fast. */
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

/** Waits until no quick input shows. */
export async function noQuickInput({ workbench }: Window): Promise<void> {
  await workbench.quickInput.widget.waitFor({ state: 'hidden' });
}

/** Has the window lose or get the focus, and waits until its extensions know. */
export async function focus({ workbench, bridge }: Window, isFocused: boolean): Promise<void> {
  await workbench.focus(isFocused);
  await until(
    `a window that is ${isFocused ? '' : 'not '}focused`,
    async () => (await bridge.evaluate('return vscode.window.state.focused')) === isFocused,
  );
}
