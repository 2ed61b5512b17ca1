import type { Log } from '../zeyos/log';
import { PlatformUrl } from '../zeyos/platform';
import { foldUserName, identify, type Identity } from './accounts';
import { Alarm } from './alarm';
import { BackOff } from './backOff';
import type { TokenSet } from './session';
import type { SessionStore } from './sessionStore';
import type { Tokens } from './tokens';
import { pendingRevocation, replacedAtServer, settled } from './transitions';

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;
/** An expiry counts from the request; a server may have counted from the end of the exchange, and rounds. */
const EXPIRY_MARGIN_MS = 60_000;

/** Sees to it that a token nobody holds any more is revoked, however long its server cannot be reached. */
export class Revocations {
  readonly #tokens: Tokens;
  readonly #store: SessionStore;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #alarm: Alarm;
  readonly #backOff = new BackOff(FIRST_RETRY_MS, LAST_RETRY_MS);

  constructor(services: { tokens: Tokens; store: SessionStore; now: () => number; log: Log }) {
    this.#tokens = services.tokens;
    this.#store = services.store;
    this.#now = services.now;
    this.#log = services.log;
    this.#alarm = new Alarm(services.now, () => void this.#retry());
  }

  /**
   * Tries every pending revocation now, and again later where that fails. Never rejects.
   * @param isWorthTrying by the canonical platform URL
   */
  async settle(isWorthTrying: (instance: string) => boolean = () => true): Promise<void> {
    const accounts = this.#store.accounts.filter(
      ({ instance, pendingRevocations }) => pendingRevocations.length > 0 && isWorthTrying(instance),
    );
    if (accounts.length === 0) return;
    const settled = await Promise.all(accounts.map(({ id }) => this.settleAccount(id)));
    if (settled.every(Boolean)) this.#backOff.reset();
  }

  /** Tries what is pending for one account. Resolves to whether nothing is pending any more. Never rejects. */
  async settleAccount(id: string): Promise<boolean> {
    const stored = this.#store.find(id);
    if (!stored) return true;
    let isSettled = true;
    for (const pending of stored.pendingRevocations) {
      // Until the new session is stored, a window that is opened next has nothing but the old one.
      if (stored.session && this.#store.isStored(id, pending.token)) {
        isSettled = false;
        continue;
      }
      try {
        const isExpired = pending.expiresAt !== undefined && pending.expiresAt + EXPIRY_MARGIN_MS <= this.#now();
        if (!isExpired) await this.#tokens.revokeDetached(PlatformUrl.parse(stored.instance), pending);
        await this.#store.update(id, settled(pending.token));
      } catch (error) {
        isSettled = false;
        this.#log.warn(`a revocation at ${stored.instance} is still pending: ${(error as Error).message}`);
      }
    }
    if (!isSettled) this.#alarm.set(this.#now() + this.#backOff.ms);
    return isSettled;
  }

  /**
   * Ends tokens that were issued but are not wanted: at once, or else later. Never rejects.
   * A session that lives on them already, or that lost its own to them, keeps them.
   */
  async discard(platform: PlatformUrl, identity: Identity, tokens: TokenSet): Promise<void> {
    try {
      const known = this.#store.accounts.filter(({ instance }) => instance === platform.href);
      if (known.some(({ session }) => session?.accessToken?.value === tokens.accessToken.value)) return;
      // The login's one token for each user and device took the place of the session's, whatever the server calls the user.
      const replaced = known.find(
        ({ account, session }) =>
          session?.surface === 'legacy' && foldUserName(session.login ?? account.userName) === foldUserName(identity.userName),
      );
      const { id } = replaced ?? identify(known, platform, identity);
      if (tokens.surface === 'legacy' && (await this.#replace(id, tokens))) return;
      await this.#tokens.revokeDetached(platform, pendingRevocation(tokens));
    } catch {
      await this.#store.abandon(platform, identity, tokens).then(
        () => this.#alarm.set(this.#now() + this.#backOff.ms),
        (error: Error) => this.#log.error(`a token of ${platform.href} could neither be revoked nor remembered: ${error.message}`),
      );
    }
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

  /** By itself less and less often; that somebody else has them tried in between changes nothing about that. */
  async #retry(): Promise<void> {
    this.#backOff.grow();
    await this.settle();
  }
}
