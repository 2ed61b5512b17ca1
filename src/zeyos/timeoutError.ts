/** No complete answer within the bound. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  constructor(
    /** The bound, in milliseconds. */
    readonly afterMs: number,
  ) {
    super(`no answer within ${afterMs} ms`);
  }
}
