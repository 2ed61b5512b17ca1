/**
 * A URL, or `undefined` where the text is none. `URL.canParse` is not to be trusted with letters outside ASCII: Node 20 denies
 * them once it has optimised the call.
 */
export function tryParseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
