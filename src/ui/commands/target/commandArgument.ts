import type { StoredAccount } from '../../../session/model/session';
import { isJsonObject } from '../../../base/json';

/** A platform URL or an instance name, and a user name. The argument skips pickers, never a confirmation. */
export interface CommandArgument {
  readonly instance?: string;
  readonly account?: string;
  /** For Add Instance by the extension's own buttons: the `url` of the entry to change. */
  readonly replaces?: string;
}

/** Other extensions and keybindings can pass any type. */
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

/** Compares the user name and the label. An argument without an account means every account. */
export function meansAccount(argument: CommandArgument, { account }: StoredAccount): boolean {
  return argument.account === undefined || account.userName === argument.account || account.label === argument.account;
}
