import { OAuthError } from '../../zeyos/errors';
import type { Log } from '../../base/log';
import { type PlatformUrl } from '../../zeyos/address/platform';
import { namesUser, foldUserName, identify, identityOf, type Identity } from '../model/accounts';
import { Alarm } from '../../base/alarm';
import { BackOff } from '../../base/backOff';
import type { MissingClientSecrets } from './missingClientSecrets';
import type { PendingRevocation, StoredAccount, TokenSet } from '../model/session';
import type { SessionStore } from '../storage/sessionStore';
import type { TokenRequests } from './tokenRequests';
import { adoptedLate } from '../model/lateTransitions';
import { TokenSets, type Verdict } from './tokenSets';
import { adopted, pendingRevocation, replacedAtServer, settled, tokensOf } from '../model/transitions';
import type { Clock } from '../../base/clock';
import { accountsOn } from '../model/accounts';

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;
/** Expiries count from the request. The server may count from its answer, and may round. */
const EXPIRY_MARGIN_MS = 60_000;

/** Revokes the tokens that no session uses, and retries if the server cannot be reached. */
export class Revocations {
  readonly #requests: TokenRequests;
  readonly #store: SessionStore;
  readonly #sets: TokenSets;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #alarm: Alarm;
  readonly #backOff = new BackOff(FIRST_RETRY_MS, LAST_RETRY_MS);
  readonly #missingClientSecrets: MissingClientSecrets;

  constructor(services: {
    tokenRequests: TokenRequests;
    store: SessionStore;
    missingClientSecrets: MissingClientSecrets;
    clock: Clock;
    log: Log;
  }) {
    this.#requests = services.tokenRequests;
    this.#sets = new TokenSets(services);
    this.#store = services.store;
    this.#missingClientSecrets = services.missingClientSecrets;
    this.#clock = services.clock;
    this.#log = services.log;
    this.#alarm = new Alarm(services.clock, () => void this.#retry());
  }

  /** Never rejects. */
  async settle(isWorthTrying: (platform: PlatformUrl) => boolean = () => true): Promise<void> {
    const accounts = this.#store.accounts.filter(
      ({ platform, pendingRevocations }) => pendingRevocations.length > 0 && isWorthTrying(platform),
    );
    if (accounts.length === 0) return;
    const settled = await Promise.all(accounts.map(({ id }) => this.settleAccount(id)));
    if (settled.every(Boolean)) this.#backOff.reset();
  }

  /** Resolves to whether no pending revocation is left. Never rejects. */
  async settleAccount(id: string): Promise<boolean> {
    await this.#refreshForSettling(id);
    const tried = new Set<string>();
    let clientId: string | undefined;
    for (;;) {
      // A sign-in may change the session, and adopting tokens adds revocations.
      const stored = this.#store.find(id);
      const pending = stored?.pendingRevocations.find(({ token }) => !tried.has(token));
      if (!stored || !pending) break;
      tried.add(pending.token);
      // While the new session is unsaved, a new window finds only the old one.
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
   * Revokes unwanted new tokens, or makes them a pending revocation. A session keeps them if it has them already, if
   * they replaced its own at the server, or if it has the same user and application: the server may have ended its own.
   * Never rejects.
   * @param isOwnerKnown whether the server or the user named the tokens' user; otherwise the server is asked
   * @returns whether a session has the tokens, or may have to continue with them
   */
  async discard(platform: PlatformUrl, identity: Identity, tokens: TokenSet, isOwnerKnown = true): Promise<boolean> {
    try {
      if (tokens.clientId !== undefined) await this.#refresh();
      const known = accountsOn(this.#store.accounts, platform);
      if (known.some(({ session }) => session?.accessToken?.value === tokens.accessToken.value)) return true;
      if (this.#sets.accountsOf(platform, tokens.clientId).length > 0)
        return await this.#discardSet(platform, identity, tokens, isOwnerKnown);
      // The legacy login replaces the token of the same user and device.
      const replaced = known.find(
        ({ account, session }) =>
          session?.api === 'legacy' &&
          foldUserName(session.login ?? account.userName) === foldUserName(identity.userName),
      );
      const { id } = replaced ?? identify(known, platform, identity);
      if (tokens.api === 'legacy' && (await this.#replace(id, tokens))) return true;
      await this.#requests.revoke(platform, pendingRevocation(tokens));
    } catch {
      await this.#remember(platform, identity, tokens);
    }
    return false;
  }

  /** Resolves to whether a session continues with the token that replaced its own. */
  async #replace(id: string, tokens: TokenSet): Promise<boolean> {
    if (this.#store.find(id)?.session) return this.#store.keep(id, replacedAtServer(tokens));
    // Without an answer of the secret storage, the token is revoked: this window knows of no session.
    return this.#store.update(id, replacedAtServer(tokens)).catch(() => false);
  }

  dispose(): void {
    this.#alarm.dispose();
  }

  /** Resolves as {@link discard}. */
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
      await this.#requests
        .revoke(platform, pendingRevocation(tokens))
        .catch(() => this.#remember(platform, owner, tokens));
      return false;
    }
    if (isTold) {
      const isActive = await this.#sets.areActive(platform, tokens).catch(() => undefined);
      // Another sign-in has replaced these tokens by the session's.
      if (isActive === false) return false;
      if (isActive && (await this.#canAdopt(id, tokens))) {
        await this.settleAccount(id);
        return true;
      }
    }
    const account = await this.#remember(platform, owner, tokens);
    if (account) await this.settleAccount(account.id);
    // A token that is not saved must not stay valid.
    else await this.#requests.revoke(platform, pendingRevocation(tokens));
    return account !== undefined;
  }

  /**
   * Another window may have signed in, so this reads the sessions that decide about an application's tokens: the
   * account's own and, unless it replaced these tokens, those of all its accounts.
   */
  async #refreshForSettling(id: string): Promise<void> {
    const isOfApplication = ({ clientId }: PendingRevocation): boolean => clientId !== undefined;
    if (!this.#store.find(id)?.pendingRevocations.some(isOfApplication)) return;
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

  async #refresh(): Promise<void> {
    await this.#store.refresh().catch(() => undefined);
  }

  /** Never rejects. */
  async #remember(platform: PlatformUrl, identity: Identity, tokens: TokenSet): Promise<StoredAccount | undefined> {
    try {
      const stored = await this.#store.setAside(platform, identity, tokens);
      this.#alarm.set(this.#clock.now() + this.#backOff.ms);
      return stored;
    } catch (error) {
      this.#log.error(
        `a token of ${platform.href} could neither be revoked nor remembered: ${(error as Error).message}`,
      );
      return undefined;
    }
  }

  /** @throws if the tokens are not stored */
  async #adopt(id: string, tokens: TokenSet): Promise<void> {
    // Kept at least in memory: they may be the only good ones.
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
    if (verdict.kind === 'revoke') await this.#requests.revoke(platform, pending);
    if (verdict.kind === 'adopt' && tokens) {
      await this.#adopt(verdict.owner, tokens);
      // The token is in the session, or pending again.
      if (verdict.owner === id) return;
      void this.settleAccount(verdict.owner);
    }
    await this.#store.update(id, settled(pending.token));
  }

  /** Only automatic tries make the wait longer. */
  async #retry(): Promise<void> {
    this.#backOff.grow();
    await this.settle();
  }
}
