import type { StoredAccount } from '../../session/model/session';
import { isJsonObject } from '../../base/json';

/** The optional argument of every command: a platform URL or a name, and a user name. It skips pickers, never a confirmation. */
export interface CommandArgument {
  readonly instance?: string;
  readonly account?: string;
  /** For Add Instance, as the extension's own buttons call it: the `url` of the entry whose URL is to be changed. */
  readonly replaces?: string;
}

/** Any extension or keybinding can call a command with anything. */
export function parseArgument(argument: unknown): CommandArgument {
  if (!isJsonObject(argument)) return {};
  const { instance, account, replaces } = argument as Readonly<Partial<Record<keyof CommandArgument, unknown>>>;
  return {
    ...(typeof instance === 'string' && instance && { instance }),
    ...(typeof account === 'string' && account && { account }),
    ...(typeof replaces === 'string' && replaces && { replaces }),
  };
}

/** The argument that means this account. */
export function argumentFor({
  platform,
  account,
}: StoredAccount): Required<Pick<CommandArgument, 'instance' | 'account'>> {
  return { instance: platform.href, account: account.userName };
}

/** Whether an argument means this account or any, going by its user name or its label. */
export function meansAccount(argument: CommandArgument, { account }: StoredAccount): boolean {
  return argument.account === undefined || account.userName === argument.account || account.label === argument.account;
}
