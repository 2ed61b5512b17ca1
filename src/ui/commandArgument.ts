import type { StoredAccount } from '../session/session';
import { isJsonObject } from '../zeyos/json';

/** The optional argument of every command: a platform URL or a name, and a user name. It skips pickers, never a confirmation. */
export interface CommandArgument {
  readonly instance?: string;
  readonly account?: string;
}

/** Any extension or keybinding can call a command with anything. */
export function parseArgument(argument: unknown): CommandArgument {
  if (!isJsonObject(argument)) return {};
  const { instance, account } = argument as Readonly<Partial<Record<keyof CommandArgument, unknown>>>;
  return { ...(typeof instance === 'string' && instance && { instance }), ...(typeof account === 'string' && account && { account }) };
}

/** The argument that means this account. */
export function argumentFor({ instance, account }: StoredAccount): Required<CommandArgument> {
  return { instance, account: account.userName };
}

/** Whether an argument means this account or any, going by its user name or its label. */
export function meansAccount(argument: CommandArgument, { account }: StoredAccount): boolean {
  return argument.account === undefined || account.userName === argument.account || account.label === argument.account;
}
