import { withoutInvisible } from '../../base/invisible';
import { PlatformUrl } from '../../zeyos/address/platform';

/** Returns the offsets of a platform's `url`, without the quotation marks. */
export function urlIn(
  settings: string,
  platform: PlatformUrl,
): { readonly start: number; readonly end: number } | undefined {
  for (const match of settings.matchAll(/("url"\s*:\s*)("(?:[^"\\\n]|\\.)*")/g)) {
    const [, name = '', literal = ''] = match;
    if (platformOf(literal)?.href === platform.href) {
      const start = match.index + name.length + 1;
      return { start, end: start + literal.length - 2 };
    }
  }
  return undefined;
}

function platformOf(literal: string): PlatformUrl | undefined {
  try {
    return PlatformUrl.tryParse(withoutInvisible(JSON.parse(literal) as string));
  } catch {
    return undefined;
  }
}
