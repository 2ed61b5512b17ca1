/** Lets one holder at a time, over all windows of this machine, do something. */
export interface Lease {
  /**
   * Runs `work` while holding the lease.
   * @throws {LeaseTimeoutError} another holder did not let go in time; `work` was not started
   */
  hold<T>(work: (hold: Hold) => Promise<T>): Promise<T>;
}

/** What a holder has while it holds a lease. */
export interface Hold {
  /**
   * To be called before every write, and before a token is sent that is good only once: a process that was suspended for too
   * long counts as dead, and another may hold the lease now.
   * @throws {LeaseLostError}
   */
  confirm(): Promise<void>;
}

export class LeaseTimeoutError extends Error {
  override readonly name = 'LeaseTimeoutError';
}

/** Another holder took the lease over. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Holds a lease for work that confirms the hold before it does any harm. Where the lease was lost, the work begins again. */
export function holdUntilDone<T>(lease: Lease, work: (hold: Hold) => Promise<T>): Promise<T> {
  return lease.hold(work).catch((error: unknown) => {
    if (error instanceof LeaseLostError) return holdUntilDone(lease, work);
    throw error;
  });
}
