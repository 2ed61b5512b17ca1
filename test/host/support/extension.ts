import * as assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { ZeyosAuthApi } from '../../../src/api';
import { CONFIGURATION, EXTENSION_ID } from '../../../src/manifest';
import type { Person } from './person';
import { until } from './until';

export function extension(): vscode.Extension<ZeyosAuthApi> {
  const found = vscode.extensions.getExtension<ZeyosAuthApi>(EXTENSION_ID);
  assert.ok(found, 'the extension is not installed');
  return found;
}

/** Sets a user setting, and waits until it is applied. `undefined` removes it. */
export async function configure(setting: string, value: unknown): Promise<void> {
  const read = () => vscode.workspace.getConfiguration(CONFIGURATION).inspect(setting)?.globalValue;
  if (isDeepStrictEqual(read(), value)) return;
  await vscode.workspace.getConfiguration(CONFIGURATION).update(setting, value, vscode.ConfigurationTarget.Global);
  await until(() => isDeepStrictEqual(read(), value));
}

export function configureInstances(...urls: readonly string[]): Promise<void> {
  return configure(
    'instances',
    urls.map((url) => ({ url, signIn: 'password' })),
  );
}

/** Signs in with the command, as a user would. */
export async function signIn(
  person: Person,
  instance: string,
  user: { readonly name: string; readonly password: string },
): Promise<unknown> {
  const result = vscode.commands.executeCommand('zeyos.signIn', { instance, account: user.name });
  assert.equal(await person.type(user.password), undefined);
  return result;
}

/** Signs out of every account on an instance. */
export async function signOut(person: Person, instance: string): Promise<void> {
  const before = person.reply;
  person.reply = () => 'Sign Out';
  for (const { id, label } of await vscode.authentication.getAccounts('zeyos')) {
    if (id.startsWith(`${instance}#`))
      await vscode.commands.executeCommand('zeyos.signOut', { instance, account: label });
  }
  person.reply = before;
}
