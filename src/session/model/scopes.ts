import { looksLikeUrl, PlatformUrl } from '../../zeyos/address/platform';
import type { Instance } from './instance';

/** The instance that a request's scopes select. ZeyOS has no OAuth scopes, so others are ignored. */
export type InstanceSelection =
  | { readonly kind: 'any' }
  | { readonly kind: 'one'; readonly platform: PlatformUrl; readonly instance?: Instance }
  | { readonly kind: 'none'; readonly why: 'notPlatformUrl' | 'ambiguous' | 'several'; readonly scope: string };

/** A scope selects by platform URL, or by the last path segment of a configured one. */
export function selectInstance(scopes: readonly string[], instances: readonly Instance[]): InstanceSelection {
  const platforms = new Map<string, PlatformUrl>();
  for (const scope of scopes) {
    if (looksLikeUrl(scope)) {
      const platform = PlatformUrl.tryParse(scope);
      // An unreadable URL must not select every instance: the caller could get a wrong token.
      if (!platform) return { kind: 'none', why: 'notPlatformUrl', scope };
      platforms.set(platform.href, platform);
    } else {
      const named = instances.filter(({ platform }) => platform.instanceName === scope);
      if (named.length > 1) return { kind: 'none', why: 'ambiguous', scope };
      for (const { platform } of named) platforms.set(platform.href, platform);
    }
    if (platforms.size > 1) return { kind: 'none', why: 'several', scope };
  }
  const [platform] = platforms.values();
  if (!platform) return { kind: 'any' };
  const instance = instances.find((other) => other.platform.href === platform.href);
  return { kind: 'one', platform, ...(instance && { instance }) };
}

/** Equal for the same scopes in any order. */
export function scopesKey(scopes: readonly string[]): string {
  return JSON.stringify([...new Set(scopes)].sort());
}
