/** RFC 9110 section 11.3. Names are in lower case. */
interface Challenge {
  readonly scheme: string;
  readonly token68?: string;
  /** The first value of a repeated parameter counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const SCHEME = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?=[ \t,;]|$)/y;
const TOKEN68 = /[ \t]+([A-Za-z0-9\-._~+/]+=*)(?=[ \t]*(?:,|$))/y;
const PARAMETER_NAME = /[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*=[ \t]*/y;
/** A quoted string without a closing quote ends with the header. */
const QUOTED_STRING = /"((?:[^"\\]|\\[^])*)(?:"|\\?$)/y;
/** More characters than the RFC's token, because some servers send URLs without quotes. */
const UNQUOTED = /[^\s,;"]*/y;
/** Text up to the next comma outside quotes. Some servers write a semicolon instead. */
const REST = /(?:[^,;"]|"(?:[^"\\]|\\[^])*(?:"|\\?$))*/y;
const SEPARATORS = /[\s,;]*/y;

/** Also parses headers joined by commas (RFC 9110 section 11.6.1). Skips malformed text; never throws. */
export function parseChallenges(headerValue: string | null): readonly Challenge[] {
  const text = headerValue ?? '';
  const challenges: { scheme: string; token68?: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const read = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    at = pattern.lastIndex;
    return match[1] ?? match[0];
  };
  const readParameters = (parameters: Map<string, string> | undefined): void => {
    for (let name = read(PARAMETER_NAME); name !== undefined; name = read(PARAMETER_NAME)) {
      const value = read(QUOTED_STRING)?.replace(/\\([^])/g, '$1') ?? read(UNQUOTED) ?? '';
      if (!parameters?.has(name.toLowerCase())) parameters?.set(name.toLowerCase(), value);
    }
  };
  for (read(SEPARATORS); at < text.length; read(SEPARATORS)) {
    // A list element that begins with a parameter belongs to the previous challenge.
    const before = at;
    readParameters(challenges.at(-1)?.parameters);
    const scheme = at === before ? read(SCHEME) : undefined;
    if (scheme !== undefined) {
      const token68 = read(TOKEN68);
      const parameters = new Map<string, string>();
      challenges.push({ scheme: scheme.toLowerCase(), ...(token68 !== undefined && { token68 }), parameters });
      readParameters(parameters);
    }
    read(REST);
  }
  return challenges;
}
