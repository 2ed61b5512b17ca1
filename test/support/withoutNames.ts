import dns from 'node:dns';
import type { LookupOptions } from 'node:dns';

type Callback = (error: NodeJS.ErrnoException | null, ...found: unknown[]) => void;

/**
 * Lets each name under `.invalid` (RFC 6761) fail at once in the tests of a suite. A name server may take seconds to
 * say that there is no such name.
 */
export function withoutNames(): void {
  const { lookup, promises } = dns;
  const { lookup: promised } = promises;
  before(() => {
    dns.lookup = ((name: string, options: LookupOptions, callback: Callback) =>
      name.endsWith('.invalid')
        ? process.nextTick(callback, notFound(name))
        : lookup(name, options, callback)) as typeof lookup;
    promises.lookup = ((name: string, options: LookupOptions) =>
      name.endsWith('.invalid') ? Promise.reject(notFound(name)) : promised(name, options)) as typeof promised;
  });
  after(() => {
    dns.lookup = lookup;
    promises.lookup = promised;
  });
}

function notFound(hostname: string): NodeJS.ErrnoException {
  const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  return Object.assign(error, { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname });
}
