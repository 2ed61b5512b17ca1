/** Does not use `URL.canParse`: once Node 20 has optimised that function, it rejects letters outside ASCII. */
export function tryParseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
