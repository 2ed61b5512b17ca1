/**
 * The secret storage failed: a new token could not be kept (and has been revoked, or will be), or what is kept could
 * not be changed.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  constructor(
    readonly operation: 'keep' | 'change',
    options?: ErrorOptions,
  ) {
    super(`the secret storage could not ${operation} it`, options);
  }
}

/** Why a sign-in failed although the server did not reject it. */
export type SignInProblem =
  /** The instance was removed from the settings during the sign-in. */
  | { readonly reason: 'instanceRemoved' }
  /** The browser did not return in time. */
  | { readonly reason: 'browserTimeout'; readonly afterMs: number }
  /** The server issued a token and reports it as inactive. */
  | { readonly reason: 'inactiveToken' }
  /** The server does not report whose token it issued. */
  | { readonly reason: 'unknownUser' }
  /**
   * Another user signed in than was requested. The token has been revoked or will be, unless it continues that user's
   * session.
   */
  | {
      readonly reason: 'wrongAccount';
      readonly expected: string;
      readonly actual: string;
      /** Whether the session of the user who signed in continues with the new token. */
      readonly isKept: boolean;
    };

/** A sign-in that failed although the server did not reject it. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  constructor(readonly problem: SignInProblem) {
    super(logText(problem));
  }
}

/** Without user names, for the log. */
function logText(problem: SignInProblem): string {
  switch (problem.reason) {
    case 'instanceRemoved':
      return 'the instance is no longer configured';
    case 'browserTimeout':
      return `the browser did not return within ${problem.afterMs} ms`;
    case 'inactiveToken':
      return 'a new token is not active';
    case 'unknownUser':
      return 'the server does not report who signed in';
    case 'wrongAccount':
      return 'another user signed in than was requested';
  }
}
