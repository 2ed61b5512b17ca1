/**
 * A URL, which may be relative to a base, or `undefined` where the text is none. `URL.canParse` is not to be trusted with letters
 * outside ASCII: Node 20 denies them once it has optimised the call.
 */
export function tryParseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
