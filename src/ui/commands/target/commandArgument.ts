import type { StoredAccount } from '../../../session/model/session';
import { isJsonObject } from '../../../base/json';

/**
 * The optional argument of every command: a platform URL or an instance name, and a user name. It skips pickers, never
 * a confirmation.
 */
export interface CommandArgument {
  readonly instance?: string;
  readonly account?: string;
  /** For the extension's own buttons that call Add Instance: the `url` of the entry whose URL changes. */
  readonly replaces?: string;
}

/** Reads an argument of any type, because other extensions and keybindings can call a command. */
export function parseArgument(argument: unknown): CommandArgument {
  if (!isJsonObject(argument)) return {};
  const { instance, account, replaces } = argument as Readonly<Partial<Record<keyof CommandArgument, unknown>>>;
  return {
    ...(typeof instance === 'string' && instance && { instance }),
    ...(typeof account === 'string' && account && { account }),
    ...(typeof replaces === 'string' && replaces && { replaces }),
  };
}

export function argumentFor({
  platform,
  account,
}: StoredAccount): Required<Pick<CommandArgument, 'instance' | 'account'>> {
  return { instance: platform.href, account: account.userName };
}

/** Tells whether an argument names this account, by its user name or its label, or names no account. */
export function meansAccount(argument: CommandArgument, { account }: StoredAccount): boolean {
  return argument.account === undefined || account.userName === argument.account || account.label === argument.account;
}
