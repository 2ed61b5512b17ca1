import { parseChallenges } from '../challenges';
import { withoutBrackets, type Route } from './proxy';
import type { Clock } from '../../base/clock';
import { within } from '../../base/deadline';
import { openTunnel, ProxyRefusedError } from './tunnel';

/** How long a proxy may take to say how it authenticates, in milliseconds. */
const ASKING_MS = 2_000;

/** The schemes that proxies offer, as they are written (IANA's registry of authentication schemes). */
const NAMES: readonly string[] = ['Basic', 'Bearer', 'Digest', 'Kerberos', 'Negotiate', 'NTLM'];

/** The names of the authentication schemes in the values of `Proxy-Authenticate`, each once. */
export function schemesOf(values: readonly string[]): readonly string[] {
  const schemes = values
    .flatMap(parseChallenges)
    .map(({ scheme }) => NAMES.find((name) => name.toLowerCase() === scheme) ?? scheme);
  return [...new Set(schemes)];
}

/** Whether a user name and a password can be put into the proxy's URL. They are sent for Basic; a proxy that names no scheme may want it. */
export function takesPassword(schemes: readonly string[]): boolean {
  return schemes.length === 0 || schemes.some((scheme) => scheme.toLowerCase() === 'basic');
}

/** Whether the editor's own Kerberos support can authenticate. */
export function takesKerberos(schemes: readonly string[]): boolean {
  return schemes.some((scheme) => /^(negotiate|kerberos)$/i.test(scheme));
}

/**
 * Asks a proxy, without credentials, which authentication schemes it offers, for editors that keep that to themselves.
 * @returns `undefined` if the proxy is not known, or does not tell
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
    if (error instanceof ProxyRefusedError) return error.schemes;
  }
  return undefined;
}
