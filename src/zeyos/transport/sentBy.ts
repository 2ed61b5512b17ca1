import type { UnusablePart } from './certificateFile';
import {
  exemptionSource,
  routeOf,
  type ExemptionSource,
  type NetworkSettings,
  type ProxySource,
  type UnusedVariable,
} from './proxy';

/** The settings and variables that a request was sent by, to be named if it fails. */
export interface SentBy {
  /** Where the proxy comes from; `system`: from the system or its PAC file, if there is one at all. Absent: no proxy was used. */
  readonly proxy?: ProxySource | 'system';
  /** Where a host has to be exempted from the proxy. */
  readonly exemptions: ExemptionSource;
  /** A variable with a proxy that the editor does not use. */
  readonly unused?: UnusedVariable;
  /** For an instance with a `caFile`. */
  readonly caFile?: {
    readonly unusable: readonly UnusablePart[];
    /** Whether `http.proxyAuthorization` was sent to the proxy, in place of the user name and password of its URL. */
    readonly hasAuthorization: boolean;
  };
}

/** @param unusable the parts of the instance's `caFile` that cannot be used; `undefined` if it has none */
export function sentBy(url: URL, settings: NetworkSettings, unusable: readonly UnusablePart[] | undefined): SentBy {
  const route = routeOf(url, settings);
  const isSystem = route.kind === 'direct' && route.reason === 'system';
  // A `caFile` needs a `fetch` of its own, which does not ask the system for a proxy.
  const proxy = route.kind === 'proxy' ? route.source : isSystem && !unusable ? 'system' : undefined;
  return {
    ...(proxy && { proxy }),
    exemptions: exemptionSource(settings),
    ...(isSystem && route.unused && { unused: route.unused }),
    ...(unusable && { caFile: { unusable, hasAuthorization: settings.authorization !== '' } }),
  };
}
