/** A lock that the windows of one machine share. */
export interface Lease {
  /** @throws {LeaseTimeoutError} if another holder does not release the lease in time; `work` is not started */
  hold<T>(work: (hold: Hold) => Promise<T>): Promise<T>;
}

export interface Hold {
  /**
   * Call this before each step that another holder must not repeat, such as sending a refresh token. If this process
   * was suspended for too long, another one may hold the lease.
   * @throws {LeaseLostError}
   */
  confirm(): Promise<void>;
}

export class LeaseTimeoutError extends Error {
  override readonly name = 'LeaseTimeoutError';
}

export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Runs the work again if the lease is lost. */
export function holdUntilDone<T>(lease: Lease, work: (hold: Hold) => Promise<T>): Promise<T> {
  return lease.hold(work).catch((error: unknown) => {
    if (error instanceof LeaseLostError) return holdUntilDone(lease, work);
    throw error;
  });
}
