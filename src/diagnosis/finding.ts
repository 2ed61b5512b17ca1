import type { CertificateProblem } from '../zeyos/failures/certificateProblem';
import type { SettingsProblem } from '../zeyos/errors';
import type { HandshakeProblem } from '../zeyos/failures/handshakeProblem';

/** `unknown`: it could not be checked, because of another finding or because there is nothing to go by. */
export type Verdict = 'good' | 'warning' | 'bad' | 'unknown';

/** What a finding says, for programs; `ui/` makes sentences of it. */
export type FindingCode =
  | `machine.${'local' | 'besideWindow' | 'remote' | 'server'}`
  | `secretStorage.${'works' | 'persists' | 'forgets' | 'lostOnce' | 'keepsNothing' | 'fails' | 'late'}`
  | `dns.${'found' | 'literal' | 'notFound' | 'unavailable' | 'late' | 'leftToProxy'}`
  | `proxy.${'none' | 'system' | 'loopback' | 'bypassed' | 'used' | 'clearText' | 'off' | 'invalid' | 'unreachable' | 'authenticationRequired' | 'schemeUnsupported' | 'refuses' | 'malformed' | 'unused'}`
  | `tls.${'notUsed' | 'good' | 'expiresSoon' | 'trusted' | 'unseen' | 'verificationOff' | 'caFileParts' | CertificateProblem | HandshakeProblem}`
  | `answer.${'zeyos' | 'page' | 'gateway' | 'serverError' | 'busy' | 'proxyAuthentication' | 'redirect' | 'notZeyos' | 'unknownHost' | 'refused' | 'late' | 'certificate' | 'handshake' | 'cut' | SettingsProblem}`
  | `surfaces.${'offered' | 'methodMissing' | 'unknown'}`
  | `clock.${'inStep' | 'ahead' | 'behind' | 'unknown'}`
  | `session.${'none' | 'good' | 'expiring' | 'expired' | 'revoked' | 'interrupted' | 'lost' | 'unsaved' | 'pendingRevocations'}`;

/** What was looked at: the part of a code before the dot. */
export type FindingPart = FindingCode extends `${infer Part}.${string}` ? Part : never;
export type CodeOf<Part extends FindingPart> = Extract<FindingCode, `${Part}.${string}`>;

/** One thing that was looked at. Nothing secret is in it, and no user name. */
export interface Finding {
  readonly code: FindingCode;
  readonly verdict: Verdict;
  /** What the code is about. Texts may come from a server, and are untrusted; times are epoch milliseconds. */
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
