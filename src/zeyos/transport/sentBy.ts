import type { UnusablePart } from './certificateFile';
import {
  exemptionSource,
  routeOf,
  type ExemptionSource,
  type NetworkSettings,
  type ProxySource,
  type UnusedVariable,
} from './proxy';

/** For the message about a failed request. */
export interface SentBy {
  /** `system`: a proxy of the system or its PAC file, if any. Absent: no proxy was used. */
  readonly proxy?: ProxySource | 'system';
  /** Where the user has to exempt a host from the proxy. */
  readonly exemptions: ExemptionSource;
  /** A variable with a proxy that the editor ignores. */
  readonly unused?: UnusedVariable;
  /** Absent if the instance has no `caFile`. */
  readonly caFile?: {
    readonly unusable: readonly UnusablePart[];
    /** Whether `http.proxyAuthorization` was sent instead of the credentials in the proxy's URL. */
    readonly hasAuthorization: boolean;
  };
}

/** @param unusable `undefined`: the instance has no `caFile` */
export function sentBy(url: URL, settings: NetworkSettings, unusable: readonly UnusablePart[] | undefined): SentBy {
  const route = routeOf(url, settings);
  const isSystem = route.kind === 'direct' && route.reason === 'system';
  // The `fetch` for a `caFile` does not ask the system for a proxy.
  const proxy = route.kind === 'proxy' ? route.source : isSystem && !unusable ? 'system' : undefined;
  return {
    ...(proxy && { proxy }),
    exemptions: exemptionSource(settings),
    ...(isSystem && route.unused && { unused: route.unused }),
    ...(unusable && { caFile: { unusable, hasAuthorization: settings.authorization !== '' } }),
  };
}
