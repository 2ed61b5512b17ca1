/**
 * Returns the URL, which may be relative to a base, or `undefined` if the text is none. It does not use `URL.canParse`:
 * once Node 20 has optimised that call, it rejects letters outside ASCII.
 */
export function tryParseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
