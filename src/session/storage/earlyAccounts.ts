import type { Clock } from '../../base/clock';
import { TimeoutError } from '../../base/deadline';
import { byLabel } from '../model/accounts';
import { publishedSessions } from '../model/published';
import { selectInstance } from '../model/scopes';
import type { StoredAccount } from '../model/session';
import type { FirstRead } from './firstRead';
import type { InstanceStore } from './instanceStore';
import type { SessionStore } from './sessionStore';

/**
 * During the first read of the secret storage, a request for one account or instance waits only for its records, any
 * other for the end of the read.
 */
export class EarlyAccounts {
  readonly #store: SessionStore;
  readonly #instances: InstanceStore;
  readonly #clock: Clock;
  readonly #firstRead: FirstRead;
  readonly #wait: Promise<void>;
  #late: TimeoutError | undefined;
  #hasFailed = false;

  /** The bound of all waits counts from here, or from the beginning of the first read. */
  constructor(services: { store: SessionStore; instances: InstanceStore; clock: Clock; firstRead: FirstRead }) {
    this.#store = services.store;
    this.#instances = services.instances;
    this.#clock = services.clock;
    this.#firstRead = services.firstRead;
    // The read may fail after it was late, too.
    services.firstRead.read.catch(() => (this.#hasFailed = true));
    this.#wait = services.firstRead.done().catch((error: unknown) => {
      if (error instanceof TimeoutError) this.#late = error;
    });
  }

  /** Whether everything has been read once, so that the accounts in memory answer every request. */
  get isOver(): boolean {
    return this.#store.progress.hasEnded;
  }

  /**
   * Waits until a request's accounts have been read. The settings count as they are at the end.
   * @param account the id of the only requested account
   * @returns these accounts, sorted by label; `undefined` if the first read is over
   * @throws {TimeoutError} the first read takes too long
   * @throws the error of the secret storage, if the first read failed and the request's own read fails too
   */
  async read(scopes: readonly string[], account: string | undefined): Promise<readonly StoredAccount[] | undefined> {
    while (!this.isOver) {
      const found = this.#find(scopes, account);
      if (found) return found;
      if (this.#hasFailed) return void (await this.#firstRead.done());
      if (this.#late) throw this.#late;
      await Promise.race([this.#wait, this.#store.progress.changed()]);
    }
    return undefined;
  }

  /** A renewal waits for all accounts, so a request that needs one does too. */
  #find(scopes: readonly string[], wanted: string | undefined): readonly StoredAccount[] | undefined {
    const { instances } = this.#instances;
    const selection = selectInstance(scopes, instances);
    if (wanted === undefined && selection.kind !== 'one') return undefined;
    const found = this.#store.progress.of(({ account, platform }) =>
      wanted === undefined ? selection.kind === 'one' && selection.platform.equals(platform) : account.id === wanted,
    );
    const areUsable = found && publishedSessions(found, instances, this.#clock.now()).every((one) => one.isUsable);
    return areUsable ? byLabel(found) : undefined;
  }
}
