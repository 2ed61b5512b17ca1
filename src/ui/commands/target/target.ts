import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { findInstance, isAmbiguous, type Instance } from '../../../session/model/instance';
import type { InstanceStore } from '../../../session/storage/instanceStore';
import { isObtainable, isSignedIn, sessionState, type StoredAccount } from '../../../session/model/session';
import type { SessionStore } from '../../../session/storage/sessionStore';
import { withProductionMark } from '../../../dialog/productionMark';
import { pick } from '../../../dialog/prompts';
import { harmlessText } from '../../../hiding/plainText';
import { looksLikeUrl, PlatformUrl } from '../../../zeyos/address/platform';
import { meansAccount, type CommandArgument } from './commandArgument';
import { UserError } from '../../../dialog/report';
import { instanceNotConfigured, instanceRemoved, noInstance, notSignedIn, sessionEnded } from './userErrors';
import { stateText } from '../../words/words';
import type { Clock } from '../../../base/clock';

/** Finds what a command concerns, by its argument or by asking the user. */
export class Targets {
  readonly #store: SessionStore;
  readonly #instances: InstanceStore;
  readonly #clock: Clock;

  constructor(services: { store: SessionStore; instances: InstanceStore; clock: Clock }) {
    this.#store = services.store;
    this.#instances = services.instances;
    this.#clock = services.clock;
  }

  /** @throws {UserError} the argument names an instance that is not configured */
  instance({ instance }: CommandArgument): Instance | undefined {
    if (instance === undefined) return undefined;
    const found = findInstance(this.#instances.instances, instance);
    if (found) return found;
    if (isAmbiguous(this.#instances.instances, instance))
      throw new UserError(
        l10n.t('Several ZeyOS instances are named {0}. Specify one by its URL.', harmlessText(instance) ?? '?'),
      );
    throw instanceNotConfigured(instance);
  }

  /** @throws {vscode.CancellationError} */
  async pickInstance(argument: CommandArgument, title: string): Promise<Instance> {
    const named = this.instance(argument);
    if (named) return named;
    const { active, instances } = this.#instances;
    if (instances.length === 0) throw noInstance();
    const items = instances.map((instance) => ({
      label: withProductionMark(instance.name, instance),
      description: `${instance.platform.label}${instance === active ? ` (${l10n.t('active')})` : ''}`,
      iconPath: new vscode.ThemeIcon('server-environment'),
      value: instance,
    }));
    return pick(items, { title, placeholder: l10n.t('Select an instance') });
  }

  /**
   * Asks nothing if only one instance is configured.
   * @throws {vscode.CancellationError}
   */
  async onlyInstance(argument: CommandArgument, title: string): Promise<Instance> {
    const { instances } = this.#instances;
    const only = argument.instance === undefined && instances.length === 1 ? instances[0] : undefined;
    return only ?? (await this.pickInstance(argument, title));
  }

  /** Includes accounts of removed instances. */
  withToken(): readonly StoredAccount[] {
    return this.#activeFirst(this.#store.accounts.filter(({ session }) => session?.accessToken !== undefined));
  }

  /** Includes accounts whose access token can be renewed. */
  withGoodToken(): readonly StoredAccount[] {
    return this.#activeFirst(this.#store.accounts.filter((stored) => isObtainable(stored, this.#clock.now())));
  }

  /** Ignores the state of the tokens. */
  signedIn(): readonly StoredAccount[] {
    return this.#activeFirst(this.#store.accounts.filter(isSignedIn));
  }

  /** @throws {UserError} no account matches the argument */
  matching(accounts: readonly StoredAccount[], argument: CommandArgument): readonly StoredAccount[] {
    const href = argument.instance === undefined ? undefined : this.#href(argument.instance);
    const fits = (stored: StoredAccount): boolean =>
      (href === undefined || stored.platform.href === href) && meansAccount(argument, stored);
    const found = accounts.filter(fits);
    if (found.length > 0) return found;
    throw this.#mismatch(argument, this.#activeFirst(this.#store.accounts.filter(fits)));
  }

  /**
   * Resolves to the account that the argument names, the only account, or the user's pick.
   * @throws {vscode.CancellationError}
   */
  async pickAccount(
    accounts: readonly StoredAccount[],
    argument: CommandArgument,
    title: string,
  ): Promise<StoredAccount> {
    const found = this.matching(accounts, argument);
    if (found.length === 1 && found[0]) return found[0];
    return pick(
      found.map((stored) => this.item(stored)),
      { title, placeholder: l10n.t('Select an account') },
    );
  }

  item(stored: StoredAccount): vscode.QuickPickItem & { readonly value: StoredAccount } {
    const { userName } = stored.account;
    const state = stateText(stored, sessionState(stored, this.#clock.now()), this.#clock.now());
    const platform = stored.platform;
    return {
      label: withProductionMark(userName, this.#instances.find(stored.platform)),
      description: platform.label,
      detail: state,
      iconPath: new vscode.ThemeIcon('account'),
      value: stored,
    };
  }

  /** @param known the accounts that match the argument, but cannot be used */
  #mismatch(argument: CommandArgument, known: readonly StoredAccount[]): UserError {
    const ended = known.find(isSignedIn);
    if (ended) return this.#instances.find(ended.platform) ? sessionEnded(ended) : instanceRemoved(ended);
    const instance = this.instance(argument);
    // The argument may be the label of the account instead of its user name.
    const account = argument.account === undefined ? undefined : (known[0]?.account.userName ?? argument.account);
    return notSignedIn({ ...(account !== undefined && { account }) }, instance?.platform);
  }

  #href(text: string): string {
    return (
      (looksLikeUrl(text) ? PlatformUrl.tryParse(text)?.href : undefined) ??
      this.instance({ instance: text })?.platform.href ??
      text
    );
  }

  #activeFirst(accounts: readonly StoredAccount[]): readonly StoredAccount[] {
    return this.#instances.activeFirst(accounts, this.#store.accounts);
  }
}
