import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { findInstance, isAmbiguous, type Instance } from '../session/instance';
import type { InstanceStore } from '../session/instanceStore';
import { isObtainable, isSignedIn, sessionState, type StoredAccount } from '../session/session';
import type { SessionStore } from '../session/sessionStore';
import { BACK, pick } from '../signIn/prompts';
import { isJsonObject } from '../zeyos/json';
import { harmlessText } from '../zeyos/plainText';
import { looksLikeUrl, PlatformUrl } from '../zeyos/platform';
import { UserError } from './report';
import { stateText } from './words';

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

/** Finds the instances and accounts that a command is about: by its argument, or by asking. */
export class Targets {
  readonly #store: SessionStore;
  readonly #instances: InstanceStore;
  readonly #now: () => number;

  constructor(services: { store: SessionStore; instances: InstanceStore; now: () => number }) {
    this.#store = services.store;
    this.#instances = services.instances;
    this.#now = services.now;
  }

  /** @throws {UserError} the argument names an instance that is not configured */
  instance({ instance }: CommandArgument): Instance | undefined {
    if (instance === undefined) return undefined;
    const found = findInstance(this.#instances.instances, instance);
    const named = harmlessText(instance) ?? '?';
    if (!found && isAmbiguous(this.#instances.instances, instance)) throw new UserError(l10n.t('Several ZeyOS instances are named {0}. Specify one by its URL.', named));
    if (!found) throw new UserError(l10n.t('The ZeyOS instance {0} is not configured.', looksLikeUrl(instance) ? named : `"${named}"`));
    return found;
  }

  /** @throws {vscode.CancellationError} */
  async pickInstance(argument: CommandArgument, title: string): Promise<Instance> {
    const named = this.instance(argument);
    if (named) return named;
    const { active, instances } = this.#instances;
    if (instances.length === 0) throw new UserError(l10n.t('No ZeyOS instance is configured. Run "ZeyOS: Add Instance" first.'));
    const items = instances.map((instance) => ({
      label: instance.name,
      description: `${instance.platform.label}${instance === active ? ` (${l10n.t('active')})` : ''}`,
      iconPath: new vscode.ThemeIcon('server-environment'),
      value: instance,
    }));
    const picked = await pick(items, { title, placeholder: l10n.t('Select an instance') });
    if (picked === BACK) throw new vscode.CancellationError();
    return picked;
  }

  /** The accounts with a token, of configured instances or not; the active one first. */
  withToken(): readonly StoredAccount[] {
    return this.#activeFirst(this.#store.accounts.filter(({ session }) => session?.accessToken !== undefined));
  }

  /** The accounts whose token can be handed out, as it is or renewed; the active one first. */
  withGoodToken(): readonly StoredAccount[] {
    return this.#activeFirst(this.#store.accounts.filter((stored) => isObtainable(stored, this.#now())));
  }

  /** The accounts that count as signed in, whatever became of their tokens; the active one first. */
  signedIn(): readonly StoredAccount[] {
    return this.#activeFirst(this.#store.accounts.filter(isSignedIn));
  }

  /** @throws {UserError} no account fits the argument */
  matching(accounts: readonly StoredAccount[], argument: CommandArgument): readonly StoredAccount[] {
    const href = argument.instance === undefined ? undefined : this.#href(argument.instance);
    const found = accounts.filter(
      ({ instance, account }) => (href === undefined || instance === href) && (argument.account === undefined || account.userName === argument.account || account.label === argument.account),
    );
    if (found.length > 0) return found;
    throw new UserError(accounts.length === 0 || href === undefined ? l10n.t('You are not signed in to ZeyOS.') : l10n.t('You are not signed in to {0}.', href));
  }

  /**
   * One of the accounts: the one that the argument names, the only one, or the one that the user picks.
   * @throws {vscode.CancellationError}
   */
  async pickAccount(accounts: readonly StoredAccount[], argument: CommandArgument, title: string): Promise<StoredAccount> {
    const found = this.matching(accounts, argument);
    if (found.length === 1 && found[0]) return found[0];
    const picked = await pick(found.map((stored) => this.item(stored)), { title, placeholder: l10n.t('Select an account') });
    if (picked === BACK) throw new vscode.CancellationError();
    return picked;
  }

  item(stored: StoredAccount): vscode.QuickPickItem & { readonly value: StoredAccount } {
    const { userName } = stored.account;
    const state = stateText(stored, sessionState(stored, this.#now()), this.#now());
    const platform = PlatformUrl.parse(stored.instance);
    return { label: userName, description: platform.label, detail: state, iconPath: new vscode.ThemeIcon('account'), value: stored };
  }

  #href(text: string): string {
    return (looksLikeUrl(text) ? PlatformUrl.tryParse(text)?.href : undefined) ?? this.instance({ instance: text })?.platform.href ?? text;
  }

  #activeFirst(accounts: readonly StoredAccount[]): readonly StoredAccount[] {
    return this.#instances.activeFirst(accounts, this.#store.accounts);
  }
}
