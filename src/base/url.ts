/** Once Node 20 has optimised `URL.canParse`, that rejects letters outside ASCII. */
export function tryParseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
