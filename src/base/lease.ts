/** Lets one holder at a time, over all windows of this machine, do something. */
export interface Lease {
  /**
   * Runs `work` while holding the lease.
   * @throws {LeaseTimeoutError} another holder did not release it in time; `work` was not started
   */
  hold<T>(work: (hold: Hold) => Promise<T>): Promise<T>;
}

/** Proof that the lease is held. */
export interface Hold {
  /**
   * Call it before each step that another holder must not repeat, such as sending a token that can be used only once.
   * If this process was suspended for too long, another process may hold the lease.
   * @throws {LeaseLostError}
   */
  confirm(): Promise<void>;
}

export class LeaseTimeoutError extends Error {
  override readonly name = 'LeaseTimeoutError';
}

/** Another process has taken over the lease. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Runs work that confirms its hold. If the lease is lost, it runs the work again. */
export function holdUntilDone<T>(lease: Lease, work: (hold: Hold) => Promise<T>): Promise<T> {
  return lease.hold(work).catch((error: unknown) => {
    if (error instanceof LeaseLostError) return holdUntilDone(lease, work);
    throw error;
  });
}
