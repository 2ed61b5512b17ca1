/** A lock that the windows of one machine share. If it cannot be kept at all, the work runs without it. */
export interface Lease {
  /** @throws {LeaseError} `timeout`; `work` was not started */
  hold<T>(work: (hold: Hold) => Promise<T>): Promise<T>;
}

export interface Hold {
  /**
   * Call this before each step that another holder must not repeat, such as sending a refresh token: after a
   * suspension, another process may hold the lease.
   * @throws {LeaseError} `lost`
   */
  confirm(): Promise<void>;
}

export class LeaseError extends Error {
  override readonly name = 'LeaseError';
  /** @param reason `timeout`: another holder did not release the lease in time; `lost`: another process took it over */
  constructor(
    readonly reason: 'timeout' | 'lost',
    message: string,
  ) {
    super(message);
  }
}

/** Runs the work again if the lease is lost. */
export function holdUntilDone<T>(lease: Lease, work: (hold: Hold) => Promise<T>): Promise<T> {
  return lease.hold(work).catch((error: unknown) => {
    if (isLost(error)) return holdUntilDone(lease, work);
    throw error;
  });
}

export function isLost(error: unknown): boolean {
  return error instanceof LeaseError && error.reason === 'lost';
}
