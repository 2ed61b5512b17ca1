import type { CertificateProblem } from '../zeyos/failures/certificateProblem';
import type { SettingsProblem } from '../zeyos/errors';
import type { HandshakeProblem } from '../zeyos/failures/handshakeProblem';

/** `unknown`: another finding prevents the check, or there is nothing to compare with. */
export type Verdict = 'good' | 'warning' | 'bad' | 'unknown';

/** For programs; `ui/` makes a sentence of it. */
export type FindingCode =
  | `machine.${'local' | 'besideWindow' | 'remote' | 'server'}`
  | `secretStorage.${'works' | 'persists' | 'forgets' | 'lostOnce' | 'keepsNothing' | 'fails' | 'late'}`
  | `dns.${'found' | 'literal' | 'notFound' | 'unavailable' | 'late' | 'leftToProxy'}`
  | `proxy.${'none' | 'system' | 'loopback' | 'bypassed' | 'used' | 'clearText' | 'off' | 'invalid' | 'unreachable' | 'authenticationRequired' | 'schemeUnsupported' | 'refuses' | 'malformed' | 'unused'}`
  | `tls.${'notUsed' | 'good' | 'expiresSoon' | 'trusted' | 'unseen' | 'verificationOff' | 'caFileParts' | CertificateProblem | HandshakeProblem}`
  | `answer.${'zeyos' | 'page' | 'gateway' | 'serverError' | 'busy' | 'proxyAuthentication' | 'redirect' | 'notZeyos' | 'unknownHost' | 'refused' | 'late' | 'certificate' | 'handshake' | 'cut' | SettingsProblem}`
  | `apis.${'offered' | 'methodMissing' | 'unknown'}`
  | `clock.${'inStep' | 'ahead' | 'behind' | 'unknown'}`
  | `session.${'none' | 'good' | 'expiring' | 'expired' | 'revoked' | 'interrupted' | 'lost' | 'unsaved' | 'pendingRevocations'}`;

/** The subject of a check: the code before the dot. */
export type FindingPart = FindingCode extends `${infer Part}.${string}` ? Part : never;
export type CodeOf<Part extends FindingPart> = Extract<FindingCode, `${Part}.${string}`>;

/** The result of one check, without secrets and user names. */
export interface Finding {
  readonly code: FindingCode;
  readonly verdict: Verdict;
  /** Texts may come from a server and are untrusted; times are epoch milliseconds. */
  readonly facts?: Facts;
}

export type Facts = Readonly<Record<string, string | number | readonly string[]>>;

export function good(code: FindingCode, facts?: Facts): Finding {
  return finding('good', code, facts);
}

export function warning(code: FindingCode, facts?: Facts): Finding {
  return finding('warning', code, facts);
}

export function bad(code: FindingCode, facts?: Facts): Finding {
  return finding('bad', code, facts);
}

export function unknown(code: FindingCode, facts?: Facts): Finding {
  return finding('unknown', code, facts);
}

function finding(verdict: Verdict, code: FindingCode, facts: Facts | undefined): Finding {
  return { code, verdict, ...(facts && { facts }) };
}
