import { certificateProblem } from '../zeyos/certificateProblem';
import { parseCertificates, readCaFile } from '../zeyos/caFile';
import { within } from '../zeyos/deadline';
import { NetworkError, TimeoutError } from '../zeyos/errors';
import { proxyAddress, shownProxy, withoutBrackets, type Route } from '../zeyos/proxy';
import { readCertificate, type Certificate } from './certificate';
import { bad, good, unknown, warning, type Finding } from './finding';
import type { Probe } from './probes';
import { connect, ProxyRefusedError } from './tunnel';

/** Remaining validity below which a certificate gets a warning, in milliseconds. */
const EXPIRES_SOON_MS = 14 * 24 * 3_600_000;

/** A certificate, or why it could not be read. */
export interface Look {
  readonly certificate?: Certificate;
  readonly error?: Error;
}

/**
 * Looks at the certificate of an https address, as whoever sends something there does.
 * @param caFile of the instance; where it cannot be used, nothing is looked at
 * @param ms how long it may take, in milliseconds
 * @throws the signal's reason, when the caller gave up
 */
export async function lookAtCertificate(
  url: URL,
  route: Route,
  caFile: string | undefined,
  ms: number,
  signal?: AbortSignal,
): Promise<Look> {
  // Nothing here speaks SOCKS.
  if (url.protocol !== 'https:' || route.kind === 'invalid' || (route.kind === 'proxy' && route.url.protocol.startsWith('socks')))
    return {};
  const target = { hostname: withoutBrackets(url.hostname), port: Number(url.port || 443) };
  try {
    const certificate = await within(ms, signal, async (inTime) => {
      const certificates = caFile === undefined ? undefined : parseCertificates(await readCaFile(caFile), caFile);
      return readCertificate(target, route.kind === 'proxy' ? route.url : undefined, certificates, inTime);
    });
    return { certificate };
  } catch (error) {
    signal?.throwIfAborted();
    return { error: error as Error };
  }
}

/** What to say about the certificate. The verdict of the editor's own `fetch` counts, since that is what tokens are sent with. */
export function judgeCertificate(
  url: URL,
  { certificate, error }: Look,
  probes: readonly Probe[],
  verifies: boolean,
  now: number,
): readonly Finding[] {
  if (url.protocol !== 'https:') return [good('tls.notUsed')];
  const codes = probes.map((probe) => (probe.error instanceof NetworkError ? probe.error.code : undefined));
  const refused = codes.find((code) => certificateProblem(code) !== undefined);
  const isTrusted = verifies && probes.some(({ response }) => response !== undefined);
  const code = refused ?? (isTrusted ? undefined : (certificate?.error ?? errorCode(error)));
  const problem = certificateProblem(code);
  const { issuer = '', subject = '', validTo = NaN } = certificate ?? {};
  const facts = { issuer, subject, ...(!Number.isNaN(validTo) && { validTo }) };
  const off = verifies ? [] : [warning('tls.verificationOff')];
  if (problem) return [bad(`tls.${problem}`, { ...facts, error: code ?? '' }), ...off];
  if (!certificate) return [isTrusted ? good('tls.trusted') : unknown('tls.unseen'), ...off];
  return [validTo - now < EXPIRES_SOON_MS ? warning('tls.expiresSoon', facts) : good('tls.good', facts), ...off];
}

/**
 * Which proxy is on the way, and whether it can be reached.
 * @param ms how long it may take, in milliseconds
 * @throws the signal's reason, when the caller gave up
 */
export async function checkProxy({ protocol }: URL, route: Route, ms: number, signal?: AbortSignal): Promise<Finding> {
  if (route.kind === 'invalid') return bad('proxy.invalid', { source: route.source });
  if (route.kind === 'direct') {
    const { reason } = route;
    if (reason === 'off') return warning('proxy.off', { source: route.source });
    return reason === 'bypassed' ? good('proxy.bypassed', { source: route.source, entry: route.entry }) : good(`proxy.${reason}`);
  }
  const facts = { proxy: shownProxy(route.url), source: route.source };
  if (protocol === 'http:') return bad('proxy.clearText', facts);
  try {
    (await within(ms, signal, (inTime) => connect(route.url, inTime))).destroy();
    return good('proxy.used', facts);
  } catch (error) {
    signal?.throwIfAborted();
    const { port } = proxyAddress(route.url);
    return bad('proxy.unreachable', { ...facts, port, error: error instanceof TimeoutError ? 'ETIMEDOUT' : (errorCode(error) ?? '') });
  }
}

/**
 * Whether the proxy let the requests through. What it told them counts first. Not every `fetch` reports that; the look at the
 * certificate does, but it has no credentials, so that a demand for some says nothing where the requests have them.
 * @param hasCredentials whether the settings have credentials for the proxy
 */
export function judgeProxy(finding: Finding, { error }: Look, probes: readonly Probe[], hasCredentials: boolean): Finding {
  if (finding.code !== 'proxy.used' || probes.some(isThrough)) return finding;
  const told = probes.map(proxyStatus).find((status) => status !== undefined);
  const refusal = told === undefined ? error : new ProxyRefusedError(told);
  if (!(refusal instanceof ProxyRefusedError)) return finding;
  if (refusal.status === undefined) return bad('proxy.malformed', finding.facts);
  if (refusal.status !== 407) return bad('proxy.refuses', { ...finding.facts, status: refusal.status });
  return told === undefined && hasCredentials ? finding : bad('proxy.authenticationRequired', finding.facts);
}

/** The instance answered, or presented a certificate. */
function isThrough({ response, error }: Probe): boolean {
  return response ? response.status !== 407 : error instanceof NetworkError && !error.isProxy && error.certificateProblem !== undefined;
}

function proxyStatus({ response, error }: Probe): number | undefined {
  return error instanceof NetworkError ? error.proxyStatus : response?.status === 407 ? 407 : undefined;
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
