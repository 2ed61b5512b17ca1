/** `URL.canParse` rejects letters outside ASCII once Node 20 has optimised it. */
export function tryParseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
