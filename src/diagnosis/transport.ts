import { certificateProblem } from '../zeyos/failures/certificateProblem';
import { parseCaFile, readCaFile } from '../zeyos/transport/caFile';
import type { UnusablePart } from '../zeyos/transport/certificateFile';
import { NetworkError } from '../zeyos/errors';
import { handshakeProblem } from '../zeyos/failures/handshakeProblem';
import {
  proxyAddress,
  shownProxy,
  withoutBrackets,
  type ExemptionSource,
  type Route,
  type VerificationSwitch,
} from '../zeyos/transport/proxy';
import { takesKerberos, takesPassword } from '../zeyos/transport/proxyAuthentication';
import { readCertificate, type Certificate } from './certificate';
import { bad, good, unknown, warning, type Facts, type Finding } from './finding';
import type { Probe } from './probes';
import { connect } from '../zeyos/transport/tunnel';
import { TimeoutError, within, type Bound } from '../base/deadline';

/** Remaining validity below which a certificate gets a warning, in milliseconds. */
const EXPIRES_SOON_MS = 14 * 24 * 3_600_000;

/** A certificate, or why it could not be read. */
export interface Look {
  readonly certificate?: Certificate;
  readonly error?: Error;
  /** The parts of the instance's `caFile` that cannot be used. */
  readonly unusable?: readonly UnusablePart[];
}

/**
 * Reads the certificate of an https address on the way that requests take.
 * @param caFile the setting of the instance; if it cannot be used, no certificate is read
 * @throws the signal's reason if it aborts
 */
export async function lookAtCertificate(
  url: URL,
  route: Route,
  caFile: string | undefined,
  bound: Bound,
): Promise<Look> {
  // The diagnosis does not implement SOCKS.
  if (
    url.protocol !== 'https:' ||
    route.kind === 'invalid' ||
    (route.kind === 'proxy' && route.url.protocol.startsWith('socks'))
  )
    return {};
  const target = { hostname: withoutBrackets(url.hostname), port: Number(url.port || 443) };
  let unusable: readonly UnusablePart[] = [];
  try {
    const certificate = await within(bound, async (inTime) => {
      const file = caFile === undefined ? undefined : parseCaFile(await readCaFile(caFile), caFile);
      unusable = file?.unusable ?? [];
      return readCertificate(target, route.kind === 'proxy' ? route.url : undefined, file?.certificates, inTime);
    });
    return { certificate, unusable };
  } catch (error) {
    bound.signal?.throwIfAborted();
    return { error: error as Error, unusable };
  }
}

/**
 * Judges the certificate. The verdict of the editor's own `fetch` counts, because that sends the tokens.
 * @param off the settings that turn verification off
 * @param trust settings that say which authorities are trusted, as facts
 */
export function judgeCertificate(
  url: URL,
  { certificate, error, unusable = [] }: Look,
  probes: readonly Probe[],
  off: readonly VerificationSwitch[],
  trust: Facts,
  now: number,
): readonly Finding[] {
  if (url.protocol !== 'https:') return [good('tls.notUsed')];
  const codes = probes.map((probe) => (probe.error instanceof NetworkError ? probe.error.code : undefined));
  const refused = codes.find((code) => problemOf(code) !== undefined);
  const own = certificate?.error ?? errorCode(error);
  const isTrusted = off.length === 0 && probes.some(({ response }) => response !== undefined);
  // Only the separate connection can tell why a server rejects a handshake in TLS 1.2.
  const isExact = problemOf(refused) === 'rejected' && problemOf(own) === 'clientCertificate';
  const code = isExact ? own : (refused ?? (isTrusted ? undefined : own));
  const problem = problemOf(code);
  const { issuer = '', subject = '', validTo = NaN } = certificate ?? {};
  const facts = { issuer, subject, ...(!Number.isNaN(validTo) && { validTo }) };
  const others = [
    ...(off.length === 0 ? [] : [warning('tls.verificationOff', { settings: off })]),
    ...(unusable.length === 0 ? [] : [warning('tls.caFileParts', partFacts(unusable))]),
  ];
  if (problem) return [bad(`tls.${problem}`, { ...facts, ...trust, error: code ?? '' }), ...others];
  if (!certificate) return [isTrusted ? good('tls.trusted') : unknown('tls.unseen'), ...others];
  return [validTo - now < EXPIRES_SOON_MS ? warning('tls.expiresSoon', facts) : good('tls.good', facts), ...others];
}

function problemOf(code: string | undefined) {
  return handshakeProblem(code) ?? certificateProblem(code);
}

/** Facts hold no objects, so each property becomes a list. */
function partFacts(parts: readonly UnusablePart[]): Facts {
  return {
    positions: parts.map(({ position }) => String(position)),
    lines: parts.map(({ line }) => String(line)),
    reasons: parts.map(({ reason }) => reason),
  };
}

/**
 * Checks which proxy is on the way, and whether it can be reached.
 * @param exemptions the settings in which a host can be exempted from the proxy
 * @throws the signal's reason if it aborts
 */
export async function checkProxy(
  { protocol }: URL,
  route: Route,
  exemptions: ExemptionSource,
  bound: Bound,
): Promise<Finding> {
  if (route.kind === 'invalid') return bad('proxy.invalid', { source: route.source, fault: route.fault });
  if (route.kind === 'direct') {
    const { reason } = route;
    if (reason === 'off') return warning('proxy.off', { source: route.source });
    if (reason === 'system' && route.unused) return warning('proxy.unused', { source: route.unused });
    return reason === 'bypassed'
      ? good('proxy.bypassed', { source: route.source, entry: route.entry })
      : good(`proxy.${reason}`);
  }
  const facts = { proxy: shownProxy(route.url), source: route.source, exemptions };
  if (protocol === 'http:') return bad('proxy.clearText', facts);
  try {
    (await within(bound, (inTime) => connect(route.url, inTime))).destroy();
    return good('proxy.used', facts);
  } catch (error) {
    bound.signal?.throwIfAborted();
    const { port } = proxyAddress(route.url);
    return bad('proxy.unreachable', {
      ...facts,
      port,
      error: error instanceof TimeoutError ? 'ETIMEDOUT' : (errorCode(error) ?? ''),
    });
  }
}

/**
 * Judges whether the proxy let the requests through. The answer to the requests counts first, but not every `fetch`
 * reports it. The certificate check reports it, but sends no credentials: its 407 is ignored if the requests have some.
 * @param hasCredentials whether the settings have credentials for the proxy
 */
export function judgeProxy(
  finding: Finding,
  { error }: Look,
  probes: readonly Probe[],
  hasCredentials: boolean,
): Finding {
  if (finding.code !== 'proxy.used' || probes.some(isThrough)) return finding;
  const told = first(probes, proxyStatus);
  const rejection = error instanceof NetworkError && error.isProxy ? error : undefined;
  if (told === undefined && !rejection) return finding;
  const status = told ?? rejection?.proxyStatus;
  if (status === undefined) return bad('proxy.malformed', finding.facts);
  if (status !== 407) return bad('proxy.refuses', { ...finding.facts, status });
  const schemes = first(probes, proxySchemes) ?? rejection?.proxySchemes;
  if (schemes && !takesPassword(schemes))
    return bad('proxy.schemeUnsupported', {
      ...finding.facts,
      schemes,
      ...(takesKerberos(schemes) && { kerberos: 1 }),
    });
  return told === undefined && hasCredentials ? finding : bad('proxy.authenticationRequired', finding.facts);
}

/** Tells whether the server answered, or presented a certificate. */
function isThrough({ response, error }: Probe): boolean {
  return response
    ? response.status !== 407
    : error instanceof NetworkError && !error.isProxy && problemOf(error.code) !== undefined;
}

function proxyStatus({ response, error }: Probe): number | undefined {
  return error instanceof NetworkError ? error.proxyStatus : response?.status === 407 ? 407 : undefined;
}

function proxySchemes({ error }: Probe): readonly string[] | undefined {
  return error instanceof NetworkError ? error.proxySchemes : undefined;
}

function first<T>(probes: readonly Probe[], find: (probe: Probe) => T | undefined): T | undefined {
  return probes.map(find).find((found) => found !== undefined);
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
