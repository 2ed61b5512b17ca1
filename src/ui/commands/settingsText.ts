import { withoutInvisible } from '../../base/invisible';
import { PlatformUrl } from '../../zeyos/address/platform';

/** Finds where a settings file names a platform as a `url`, and returns the offsets of the text in its quotation marks. */
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
