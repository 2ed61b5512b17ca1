import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../base/log';
import { Alarm } from '../base/alarm';
import { DemandedRenewals } from '../session/tokens/demandedRenewals';
import { sessionsUnreadText } from './sessionsUnreadText';
import { EarlyAccounts } from '../session/storage/earlyAccounts';
import type { FirstRead } from '../session/storage/firstRead';
import type { InstanceStore } from '../session/storage/instanceStore';
import { diffSessions, publishedSessions, type PublishedSession } from '../session/model/published';
import { scopesKey, selectInstance, type InstanceSelection } from '../session/model/scopes';
import { signInAgainBy, usableUntil, type StoredAccount } from '../session/model/session';
import type { SessionStore } from '../session/storage/sessionStore';
import type { Clock } from '../base/clock';

/** Requests without a result are remembered to clear their badges. */
const UNANSWERED = 50;

/** These actions involve the user or the network. */
export interface ProviderActions {
  /** Resolves to the session's id. */
  createSession(
    selection: InstanceSelection,
    account: vscode.AuthenticationSessionAccountInformation | undefined,
  ): Promise<string>;
  removeSession(id: string): Promise<void>;
  renew(id: string): Promise<unknown>;
}

/**
 * Answers the editor from memory, after renewals and reads if the answer needs them. Fires an event for each difference
 * from the sessions that it published before.
 */
export class ZeyosAuthenticationProvider implements vscode.AuthenticationProvider {
  readonly #store: SessionStore;
  readonly #instances: InstanceStore;
  readonly #actions: ProviderActions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #sessionsChanges = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly #alarm: Alarm;
  readonly #renewals: DemandedRenewals;
  readonly #disposable: vscode.Disposable;
  readonly #unanswered = new Map<string, readonly string[]>();
  #early: EarlyAccounts | undefined;
  /** `undefined` until the first read or the first request: no published session can have changed before. */
  #published: readonly PublishedSession[] | undefined;

  readonly onDidChangeSessions = this.#sessionsChanges.event;

  constructor(services: {
    store: SessionStore;
    instances: InstanceStore;
    actions: ProviderActions;
    clock: Clock;
    log: Log;
  }) {
    this.#store = services.store;
    this.#instances = services.instances;
    this.#actions = services.actions;
    this.#clock = services.clock;
    this.#log = services.log;
    this.#alarm = new Alarm(this.#clock, () => void this.#publish());
    this.#renewals = new DemandedRenewals({
      renew: (id) =>
        this.#actions.renew(id).catch((error: Error) => {
          this.#log.warn(`a token could not be renewed for another extension: ${error.message}`);
          throw error;
        }),
      clock: this.#clock,
    });
    const publish = (): void => this.catchUp();
    this.#disposable = vscode.Disposable.from(
      this.#store.onDidChange(publish),
      this.#instances.onDidChange(publish),
      this.#alarm,
      this.#sessionsChanges,
    );
  }

  start(firstRead: FirstRead): void {
    void firstRead.read.then(
      () => void this.#publish(),
      (error: Error) => this.#log.error(`the secret storage cannot be read: ${error.message}`),
    );
    this.#early = new EarlyAccounts({
      store: this.#store,
      instances: this.#instances,
      clock: this.#clock,
      firstRead,
    });
  }

  /** Publishes what has changed, also by the clock alone: timers stop while the machine sleeps. */
  catchUp(): void {
    if (this.#published) this.#publish();
  }

  /**
   * @param scopes absent: the editor lists the sessions, and nothing is renewed; empty: any session, and expired ones
   * are renewed in the background; otherwise, the answer waits for the renewals
   */
  async getSessions(
    scopes: readonly string[] | undefined,
    options: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const early = this.#early && !this.#early.isOver ? await this.#readEarly(this.#early, scopes, options) : undefined;
    if (scopes && scopes.length > 0 && !early) await this.#readUnread(scopes, options);
    let found = this.#matching(scopes, options, early);
    // Sessions are renewed even beside a usable one: the editor would take one account of two for the one that was
    // meant.
    const stale = found.filter(({ isUsable }) => !isUsable);
    if (scopes && stale.length > 0) {
      const renewals = this.#renewals.run(stale.map(({ id }) => id));
      if (scopes.length > 0) {
        await renewals;
        found = this.#matching(scopes, options);
        this.#refuseIncomplete(found, options);
      }
    }
    found = found.filter(({ isUsable }) => isUsable);
    if (scopes?.length && found.length === 0 && this.#unanswered.size < UNANSWERED)
      this.#unanswered.set(scopesKey(scopes), [...scopes]);
    return found.map((session) => toAuthenticationSession(session, scopes));
  }

  /**
   * Rejects if the first read, and its repetition, fails or takes too long (see {@link EarlyAccounts}): the editor
   * would take an empty list for a sign-out. Every session that is read later is then published as added.
   */
  async #readEarly(
    early: EarlyAccounts,
    scopes: readonly string[] | undefined,
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<readonly StoredAccount[] | undefined> {
    try {
      return await early.read(scopes ?? [], account?.id);
    } catch (error) {
      this.#published ??= [];
      throw new Error(sessionsUnreadText(error), { cause: error });
    }
  }

  /** Reads the accounts of a request that could not be read before. The answer would not be complete without them. */
  async #readUnread(scopes: readonly string[], options: vscode.AuthenticationProviderSessionOptions): Promise<void> {
    const isAsked = this.#isAsked(scopes, options);
    const unread = (): readonly StoredAccount[] =>
      this.#store.accounts.filter(
        (stored) => stored.isUnread && !stored.session && isAsked(stored) && this.#instances.find(stored.platform),
      );
    const [first] = unread();
    if (!first) return;
    // It reads all unread accounts.
    await this.#store.reread(first.id).catch((error: unknown) => {
      throw new Error(sessionsUnreadText(error), { cause: error });
    });
    if (unread().length > 0) throw new Error(sessionsUnreadText());
  }

  /**
   * The editor would take the only session of a list for the one that the consumer prefers. So a list is refused while
   * another account's session waits for its renewal, unless the consumer names the account.
   */
  #refuseIncomplete(
    found: readonly PublishedSession[],
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): void {
    const waiting = found.find(({ isUsable }) => !isUsable);
    if (account || !waiting || !found.some(({ isUsable }) => isUsable)) return;
    throw new Error(
      l10n.t(
        'The session for {0} could not be renewed yet. Try again in a moment, or request a session for one account.',
        waiting.account.label,
      ),
    );
  }

  async createSession(
    scopes: readonly string[],
    { account: wanted }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession> {
    const id = await this.#actions.createSession(this.#select(scopes), wanted);
    const session = this.#publish().find((published) => published.id === id);
    const { account, platform } = this.#store.find(id) ?? {};
    if (!session?.isUsable)
      throw new Error(l10n.t('The session for {0} has already ended. Sign in again.', account?.label ?? 'ZeyOS'));
    const selection = this.#select(scopes);
    // The user may have chosen another platform or account in a sign-in that this one joined. Its token must not go to
    // the extension that requested this one.
    if (wanted && account?.id !== wanted.id)
      throw new Error(l10n.t('You signed in as {0}, but {1} was requested.', account?.label ?? '', wanted.label));
    if (selection.kind === 'one' && selection.platform.href !== platform?.href)
      throw new Error(
        l10n.t('You signed in to {0}, but {1} was requested.', platform?.href ?? '', selection.platform.href),
      );
    return toAuthenticationSession(session, scopes);
  }

  async removeSession(id: string): Promise<void> {
    await this.#actions.removeSession(id);
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #select(scopes: readonly string[]): InstanceSelection {
    return selectInstance(scopes, this.#instances.instances);
  }

  /** Tells which accounts a request is about. */
  #isAsked(
    scopes: readonly string[],
    { account: wanted }: vscode.AuthenticationProviderSessionOptions,
  ): (one: Pick<StoredAccount, 'platform' | 'account'>) => boolean {
    const selection = this.#select(scopes);
    return ({ platform, account }) =>
      (wanted === undefined || wanted.id === account.id) &&
      (selection.kind === 'any' || (selection.kind === 'one' && selection.platform.equals(platform)));
  }

  /** The active session comes first. */
  #matching(
    scopes: readonly string[] | undefined,
    options: vscode.AuthenticationProviderSessionOptions,
    early?: readonly StoredAccount[],
  ): readonly PublishedSession[] {
    const published = early ? publishedSessions(early, this.#instances.instances, this.#clock.now()) : this.#publish();
    const found = published.filter(this.#isAsked(scopes ?? [], options));
    return this.#instances.activeFirst(found, early ?? this.#store.accounts);
  }

  #publish(): readonly PublishedSession[] {
    const now = this.#clock.now();
    const after = publishedSessions(this.#store.accounts, this.#instances.instances, now);
    const before = this.#published ?? after;
    this.#published = after;
    const moments = this.#store.accounts.flatMap(({ session }) =>
      session?.accessToken ? [usableUntil(session.accessToken), signInAgainBy(session) ?? Infinity] : [],
    );
    this.#alarm.set(Math.min(Infinity, ...moments.filter((at) => at > now)));
    const { added, removed, changed } = diffSessions(before, after);
    if (added.length || removed.length || changed.length) {
      this.#log.info(`sessions: ${added.length} added, ${removed.length} removed, ${changed.length} changed`);
      this.#sessionsChanges.fire({
        added: added.flatMap((session) => [toAuthenticationSession(session), ...this.#answers(session)]),
        removed: removed.map((session) => toAuthenticationSession(session)),
        changed: changed.map((session) => toAuthenticationSession(session)),
      });
    }
    return after;
  }

  /** The editor clears the badge of a request when a session with exactly its scopes is added. */
  #answers(session: PublishedSession): vscode.AuthenticationSession[] {
    const answers: vscode.AuthenticationSession[] = [];
    for (const [key, scopes] of this.#unanswered) {
      const selection = this.#select(scopes);
      if (selection.kind === 'none' || (selection.kind === 'one' && !selection.platform.equals(session.platform)))
        continue;
      this.#unanswered.delete(key);
      if (key !== scopesKey([session.platform.href])) answers.push(toAuthenticationSession(session, scopes));
    }
    return answers;
  }
}

function toAuthenticationSession(
  { id, account, accessToken, platform }: PublishedSession,
  scopes?: readonly string[],
): vscode.AuthenticationSession {
  return {
    id,
    accessToken,
    account: { id: account.id, label: account.label },
    scopes: scopes ? [...scopes] : [platform.href],
  };
}
