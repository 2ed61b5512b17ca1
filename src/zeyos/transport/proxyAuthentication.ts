import { parseChallenges } from '../challenges';
import { withoutBrackets, type Route } from './proxy';
import type { Clock } from '../../base/clock';
import { within } from '../../base/deadline';
import { NetworkError } from '../errors';
import { openTunnel } from './tunnel';

const ASKING_MS = 2_000;

/** The usual spelling of schemes that proxies offer (IANA's registry of authentication schemes). */
const NAMES: readonly string[] = ['Basic', 'Bearer', 'Digest', 'Kerberos', 'Negotiate', 'NTLM'];

/** Each scheme in the values of `Proxy-Authenticate`, once. */
export function schemesOf(values: readonly string[]): readonly string[] {
  const schemes = values
    .flatMap(parseChallenges)
    .map(({ scheme }) => NAMES.find((name) => name.toLowerCase() === scheme) ?? scheme);
  return [...new Set(schemes)];
}

/** A user name and a password are sent as Basic. A proxy that names no scheme may accept them. */
export function takesPassword(schemes: readonly string[]): boolean {
  return schemes.length === 0 || schemes.some((scheme) => scheme.toLowerCase() === 'basic');
}

export function takesKerberos(schemes: readonly string[]): boolean {
  return schemes.some((scheme) => /^(negotiate|kerberos)$/i.test(scheme));
}

/**
 * Sends no credentials. Older editors do not keep the schemes in their error.
 * @returns `undefined` if the proxy is unknown or names none
 */
export async function askForSchemes(
  { hostname, port }: URL,
  route: Route,
  clock: Clock,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  if (route.kind !== 'proxy' || !/^https?:$/.test(route.url.protocol)) return undefined;
  const target = { hostname: withoutBrackets(hostname), port: Number(port || 443) };
  try {
    (await within({ clock, ms: ASKING_MS, signal }, (inTime) => openTunnel(route.url, target, inTime))).destroy();
  } catch (error) {
    if (error instanceof NetworkError) return error.proxySchemes;
  }
  return undefined;
}
