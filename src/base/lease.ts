/** Lets one holder at a time, over all windows of this machine, do something. */
export interface Lease {
  /**
   * Runs `work` while holding the lease.
   * @throws {LeaseError} `timeout`; `work` was not started
   */
  hold<T>(work: (hold: Hold) => Promise<T>): Promise<T>;
}

/** Proof that the lease is held. */
export interface Hold {
  /**
   * Call it before each step that another holder must not repeat, such as sending a token that can be used only once.
   * If this process was suspended for too long, another process may hold the lease.
   * @throws {LeaseError} `lost`
   */
  confirm(): Promise<void>;
}

export class LeaseError extends Error {
  override readonly name = 'LeaseError';
  /** @param reason `timeout`: another holder did not release the lease in time; `lost`: another process has taken it over */
  constructor(
    readonly reason: 'timeout' | 'lost',
    message: string,
  ) {
    super(message);
  }
}

/** Runs work that confirms its hold. If the lease is lost, it runs the work again. */
export function holdUntilDone<T>(lease: Lease, work: (hold: Hold) => Promise<T>): Promise<T> {
  return lease.hold(work).catch((error: unknown) => {
    if (isLost(error)) return holdUntilDone(lease, work);
    throw error;
  });
}

/** Whether another process has taken over the lease. */
export function isLost(error: unknown): boolean {
  return error instanceof LeaseError && error.reason === 'lost';
}
