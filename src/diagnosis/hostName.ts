import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { within } from '../zeyos/transport/deadline';
import { TimeoutError } from '../zeyos/errors';
import { withoutBrackets, type Route } from '../zeyos/transport/proxy';
import { bad, good, unknown, type Finding } from './finding';

/**
 * Whether this machine finds a host, and where.
 * @param ms how long it may take, in milliseconds
 * @throws the signal's reason, when the caller gave up
 */
export async function checkHostName(
  { hostname }: URL,
  route: Route,
  ms: number,
  signal?: AbortSignal,
): Promise<Finding> {
  const host = withoutBrackets(hostname);
  if (isIP(host)) return good('dns.literal', { host });
  try {
    // As `fetch` does it: by the system, hosts file and all.
    const found = await within(ms, signal, () => lookup(host, { all: true }));
    return good('dns.found', { host, addresses: found.map(({ address }) => address) });
  } catch (error) {
    signal?.throwIfAborted();
    // Many company networks let only the proxy look names up.
    if (route.kind === 'proxy') return unknown('dns.leftToProxy', { host });
    if (error instanceof TimeoutError) return bad('dns.late', { host, seconds: Math.round(ms / 1000) });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ENOTFOUND' ? bad('dns.notFound', { host }) : bad('dns.unavailable', { host, error: code });
  }
}
