import { OAuthError } from '../../zeyos/errors';
import type { Log } from '../../base/log';
import { type PlatformUrl } from '../../zeyos/address/platform';
import { namesUser, foldUserName, identify, identityOf, type Identity } from '../model/accounts';
import { Alarm } from '../../base/alarm';
import { BackOff } from '../../base/backOff';
import type { MissingClientSecrets } from './missingClientSecrets';
import type { PendingRevocation, StoredAccount, TokenSet } from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import type { Tokens } from './tokens';
import { adoptedLate } from '../model/lateTransitions';
import { TokenSets, type Verdict } from './tokenSets';
import { adopted, pendingRevocation, replacedAtServer, settled, tokensOf } from '../model/transitions';
import type { Clock } from '../../base/clock';
import { accountsOn } from '../model/accounts';

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;
/** An expiry counts from the request; a server may have counted from the end of the exchange, and rounds. */
const EXPIRY_MARGIN_MS = 60_000;

/** Sees to it that a token nobody holds any more is revoked, however long its server cannot be reached. */
export class Revocations {
  readonly #tokens: Tokens;
  readonly #store: SessionStore;
  readonly #sets: TokenSets;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #alarm: Alarm;
  readonly #backOff = new BackOff(FIRST_RETRY_MS, LAST_RETRY_MS);
  readonly #missingClientSecrets: MissingClientSecrets;

  constructor(services: {
    tokens: Tokens;
    store: SessionStore;
    missingClientSecrets: MissingClientSecrets;
    clock: Clock;
    log: Log;
  }) {
    this.#tokens = services.tokens;
    this.#sets = new TokenSets(services);
    this.#store = services.store;
    this.#missingClientSecrets = services.missingClientSecrets;
    this.#clock = services.clock;
    this.#log = services.log;
    this.#alarm = new Alarm(services.clock, () => void this.#retry());
  }

  /**
   * Tries every pending revocation now, and again later where that fails. Never rejects.
   * @param isWorthTrying by the canonical platform URL
   */
  async settle(isWorthTrying: (platform: PlatformUrl) => boolean = () => true): Promise<void> {
    const accounts = this.#store.accounts.filter(
      ({ platform, pendingRevocations }) => pendingRevocations.length > 0 && isWorthTrying(platform),
    );
    if (accounts.length === 0) return;
    const settled = await Promise.all(accounts.map(({ id }) => this.settleAccount(id)));
    if (settled.every(Boolean)) this.#backOff.reset();
  }

  /** Tries what is pending for one account. Resolves to whether nothing is pending any more. Never rejects. */
  async settleAccount(id: string): Promise<boolean> {
    await this.#refreshForSettling(id);
    const tried = new Set<string>();
    let clientId: string | undefined;
    for (;;) {
      // Read again each time: signing in may have changed what has to be considered, and a session that adopts tokens has others to revoke.
      const stored = this.#store.find(id);
      const pending = stored?.pendingRevocations.find(({ token }) => !tried.has(token));
      if (!stored || !pending) break;
      tried.add(pending.token);
      // Until the new session is stored, a window that is opened next has nothing but the old one.
      if (stored.session && this.#store.isStored(id, pending.token)) continue;
      try {
        await this.#settle(stored, pending);
      } catch (error) {
        if (error instanceof OAuthError && error.rejectsClient) clientId ??= pending.clientId;
        this.#log.warn(`a revocation at ${stored.platform.href} is still pending: ${(error as Error).message}`);
      }
    }
    this.#missingClientSecrets.note(id, clientId);
    const isSettled = (this.#store.find(id)?.pendingRevocations ?? []).length === 0;
    if (!isSettled) this.#alarm.set(this.#clock.now() + this.#backOff.ms);
    return isSettled;
  }

  /**
   * Ends tokens that were issued but are not wanted: at once, or else later. Never rejects.
   * A session that lives on them already, or that lost its own to them, keeps them. So does one of the same user and application: the server
   * may have ended its own tokens when it issued these.
   * @param isOwnerKnown whether the server, or the user, has told whose tokens they are; otherwise the server is asked
   * @returns whether a session lives on them, or may have to
   */
  async discard(platform: PlatformUrl, identity: Identity, tokens: TokenSet, isOwnerKnown = true): Promise<boolean> {
    try {
      if (tokens.clientId !== undefined) await this.#refresh();
      const known = accountsOn(this.#store.accounts, platform);
      if (known.some(({ session }) => session?.accessToken?.value === tokens.accessToken.value)) return true;
      if (this.#sets.accountsOf(platform, tokens.clientId).length > 0)
        return await this.#discardSet(platform, identity, tokens, isOwnerKnown);
      // The login's one token for each user and device took the place of the session's, whatever the server calls the user.
      const replaced = known.find(
        ({ account, session }) =>
          session?.api === 'legacy' &&
          foldUserName(session.login ?? account.userName) === foldUserName(identity.userName),
      );
      const { id } = replaced ?? identify(known, platform, identity);
      if (tokens.api === 'legacy' && (await this.#replace(id, tokens))) return true;
      await this.#tokens.revokeDetached(platform, pendingRevocation(tokens));
    } catch {
      await this.#remember(platform, identity, tokens);
    }
    return false;
  }

  /** Has a session live on the token that took the place of its own. Resolves to whether there is such a session. */
  async #replace(id: string, tokens: TokenSet): Promise<boolean> {
    if (this.#store.find(id)?.session) return this.#store.keep(id, replacedAtServer(tokens));
    // As far as is known here there is none; if the storage does not answer, the token is revoked at once.
    return this.#store.update(id, replacedAtServer(tokens)).catch(() => false);
  }

  dispose(): void {
    this.#alarm.dispose();
  }

  /** Revokes tokens of an application, unless the session of an account goes on with them. Resolves to whether it does, or may have to. */
  async #discardSet(
    platform: PlatformUrl,
    identity: Identity,
    tokens: TokenSet,
    isOwnerKnown: boolean,
  ): Promise<boolean> {
    const claims = isOwnerKnown ? {} : await this.#sets.claimsOf(platform, tokens);
    const isTold = isOwnerKnown || namesUser(claims);
    const owner = isOwnerKnown || !isTold ? identity : identityOf(claims);
    const { id } = identify(this.#store.accounts, platform, owner);
    const isOwnerSignedIn = this.#sets.accountsOf(platform, tokens.clientId).some((stored) => stored.id === id);
    if (isTold && !isOwnerSignedIn) {
      await this.#tokens
        .revokeDetached(platform, pendingRevocation(tokens))
        .catch(() => this.#remember(platform, owner, tokens));
      return false;
    }
    if (isTold) {
      const isActive = await this.#sets.areActive(platform, tokens).catch(() => undefined);
      // Issued and replaced since by another sign-in, whose tokens the session has.
      if (isActive === false) return false;
      if (isActive && (await this.#canAdopt(id, tokens))) {
        await this.settleAccount(id);
        return true;
      }
    }
    const account = await this.#remember(platform, owner, tokens);
    if (account) await this.settleAccount(account.id);
    // What is kept nowhere must not stay valid.
    else await this.#tokens.revokeDetached(platform, pendingRevocation(tokens));
    return account !== undefined;
  }

  /**
   * Reads what the revocation of an application's tokens depends on, since another window may have signed in: the account's own session and,
   * unless the account has a session that replaced these tokens, the sessions of all accounts that use the application.
   */
  async #refreshForSettling(id: string): Promise<void> {
    const isOfApplication = ({ clientId }: PendingRevocation): boolean => clientId !== undefined;
    if (!this.#store.find(id)?.pendingRevocations.some(isOfApplication)) return;
    // A failure is logged by the store.
    await this.#store.reread(id).catch(() => undefined);
    const stored = this.#store.find(id);
    if (!stored) return;
    const uncertain = stored.pendingRevocations.filter(
      ({ clientId, accessToken }) => clientId !== undefined && (accessToken !== undefined || !stored.session),
    );
    const hasOtherUser = uncertain.some(({ clientId }) =>
      accountsOn(this.#store.accounts, stored.platform).some(
        (other) => other.id !== id && other.session?.clientId === clientId,
      ),
    );
    const isOwnerUncertain = !stored.session && uncertain.some(({ accessToken }) => accessToken !== undefined);
    if (hasOtherUser || isOwnerUncertain) await this.#refresh();
  }

  /** Another window may have signed in since the last read. */
  async #refresh(): Promise<void> {
    // A failure is logged by the store.
    await this.#store.refresh().catch(() => undefined);
  }

  /** Keeps tokens as a pending revocation. Never rejects. */
  async #remember(platform: PlatformUrl, identity: Identity, tokens: TokenSet): Promise<StoredAccount | undefined> {
    try {
      const stored = await this.#store.abandon(platform, identity, tokens);
      this.#alarm.set(this.#clock.now() + this.#backOff.ms);
      return stored;
    } catch (error) {
      this.#log.error(
        `a token of ${platform.href} could neither be revoked nor remembered: ${(error as Error).message}`,
      );
      return undefined;
    }
  }

  /**
   * Has a session go on with other tokens. If the user has signed out meanwhile, they are pending for that account.
   * @throws if they are not stored
   */
  async #adopt(id: string, tokens: TokenSet): Promise<void> {
    // Kept in memory if the storage does not answer: they may be the only good ones.
    const isStored = await this.#store.keep(id, adopted(tokens), adoptedLate(tokens, this.#store.find(id)?.session));
    if (!isStored && this.#store.find(id)?.session?.accessToken?.value !== tokens.accessToken.value)
      throw new Error('the account was changed by another window');
  }

  async #canAdopt(id: string, tokens: TokenSet): Promise<boolean> {
    try {
      await this.#adopt(id, tokens);
      return true;
    } catch (error) {
      this.#log.warn(`new tokens could not be adopted: ${(error as Error).message}`);
      return false;
    }
  }

  async #settle(stored: StoredAccount, pending: PendingRevocation): Promise<void> {
    const { id, platform } = stored;
    const isExpired = pending.expiresAt !== undefined && pending.expiresAt + EXPIRY_MARGIN_MS <= this.#clock.now();
    const verdict: Verdict = isExpired ? { kind: 'drop' } : await this.#sets.verdict(platform, stored, pending);
    const tokens = tokensOf(pending);
    if (verdict.kind === 'revoke') await this.#tokens.revokeDetached(platform, pending);
    if (verdict.kind === 'adopt' && tokens) {
      await this.#adopt(verdict.owner, tokens);
      // It is in the session now, or pending again.
      if (verdict.owner === id) return;
      void this.settleAccount(verdict.owner);
    }
    await this.#store.update(id, settled(pending.token));
  }

  /** By itself less and less often; that somebody else has them tried in between changes nothing about that. */
  async #retry(): Promise<void> {
    this.#backOff.grow();
    await this.settle();
  }
}
