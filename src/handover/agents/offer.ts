import type { Instance } from '../../session/model/instance';
import { isObtainable, isSignedIn, type StoredAccount } from '../../session/model/session';

export interface OfferInput {
  readonly isEnabled: boolean;
  readonly isSupported: boolean;
  readonly isTrusted: boolean;
  readonly instance: Instance | undefined;
  readonly account: StoredAccount | undefined;
  /** The absolute path of `zeyos-mcp`, or why there is none. */
  readonly program: Program;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** `relative`: `zeyos.mcp.command` is not an absolute path. `missing`: the program does not exist. */
export type Program = { readonly path: string } | { readonly problem: 'relative' | 'missing' };

export type NoOfferReason =
  'off' | 'unsupported' | 'untrusted' | 'noInstance' | 'relative' | 'missing' | 'signedOut' | 'ended';

export interface Offer {
  readonly instance: Instance;
  readonly account: StoredAccount;
  readonly program: string;
}

export type OfferState = { readonly offer: Offer } | { readonly reason: NoOfferReason };

export function offerState(input: OfferInput): OfferState {
  const { isEnabled, isSupported, isTrusted, instance, account, program, now } = input;
  if (!isEnabled) return { reason: 'off' };
  if (!isSupported) return { reason: 'unsupported' };
  if (!isTrusted) return { reason: 'untrusted' };
  if (!instance) return { reason: 'noInstance' };
  if ('problem' in program) return { reason: program.problem };
  if (!account || !isSignedIn(account)) return { reason: 'signedOut' };
  if (!isObtainable(account, now)) return { reason: 'ended' };
  return { offer: { instance, account, program: program.path } };
}
