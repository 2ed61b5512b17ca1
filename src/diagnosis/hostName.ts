import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { withoutBrackets, type Route } from '../zeyos/transport/proxy';
import { bad, good, unknown, type Finding } from './finding';
import { TimeoutError, within, type Bound } from '../base/deadline';

/** @throws the reason of the bound's signal */
export async function checkHostName({ hostname }: URL, route: Route, bound: Bound): Promise<Finding> {
  const host = withoutBrackets(hostname);
  if (isIP(host)) return good('dns.literal', { host });
  try {
    // The system resolves the name, with its hosts file, as for `fetch`.
    const found = await within(bound, () => lookup(host, { all: true }));
    return good('dns.found', { host, addresses: found.map(({ address }) => address) });
  } catch (error) {
    bound.signal?.throwIfAborted();
    // In many company networks only the proxy resolves names.
    if (route.kind === 'proxy') return unknown('dns.leftToProxy', { host });
    if (error instanceof TimeoutError) return bad('dns.late', { host, seconds: Math.round(bound.ms / 1000) });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return code === 'ENOTFOUND' ? bad('dns.notFound', { host }) : bad('dns.unavailable', { host, error: code });
  }
}
