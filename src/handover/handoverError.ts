/**
 * `signedOut`: the account has no session. `removed`: its instance is not configured. `ended`: its session has ended.
 * `keyring`: the secret storage cannot be read. `noFolder`: every folder of this machine has a path too long for a
 * socket, or cannot be made private.
 */
export type HandoverReason = 'signedOut' | 'removed' | 'ended' | 'keyring' | 'noFolder';

/** Why nothing can be handed over, although no request failed. */
export class HandoverError extends Error {
  override readonly name = 'HandoverError';
  constructor(
    readonly reason: HandoverReason,
    options?: ErrorOptions,
  ) {
    super(MESSAGES[reason], options);
  }
}

/** In English, for the log. */
const MESSAGES: Readonly<Record<HandoverReason, string>> = {
  signedOut: 'the account is signed out',
  removed: 'its instance is not configured',
  ended: 'its session has ended',
  keyring: 'the keyring does not answer',
  noFolder: 'no folder for a socket',
};
