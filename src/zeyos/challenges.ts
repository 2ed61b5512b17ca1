/** One challenge of a `WWW-Authenticate` or `Proxy-Authenticate` header (RFC 9110 section 11.6.1). */
export interface Challenge {
  /** In lower case, as in `bearer`. */
  readonly scheme: string;
  readonly token68?: string;
  /** Values by parameter name in lower case, without quotes and escapes. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const SEPARATORS = /[\s,]*/y;
const BLANKS = /\s*/y;
/** Only a comma or the end may follow; otherwise it is the name of a parameter. */
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=\s*(?:,|$))/y;
const PARAMETER = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\s*=\s*(?:"((?:[^"\\]|\\[^])*)(?:"|$)|([^\s",]+))/y;

/**
 * Reads the challenges of a header. `fetch` joins several headers of one name with a comma, which the grammar allows too.
 * A part that is no challenge is skipped, so that it does not hide the others.
 */
export function parseChallenges(header: string | null): readonly Challenge[] {
  const text = header ?? '';
  const challenges: Challenge[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = at;
    const found = sticky.exec(text) ?? undefined;
    if (found) at = sticky.lastIndex;
    return found;
  };

  for (take(SEPARATORS); at < text.length; take(SEPARATORS)) {
    const scheme = take(TOKEN)?.[0];
    if (scheme === undefined) {
      at++;
      continue;
    }
    take(BLANKS);
    const token68 = take(TOKEN68)?.[0];
    const parameters = new Map<string, string>();
    while (token68 === undefined) {
      const before = at;
      take(SEPARATORS);
      const [, name, quoted, plain] = take(PARAMETER) ?? [];
      if (name === undefined) {
        // What follows is the next challenge.
        at = before;
        break;
      }
      // A name must not occur twice (RFC 9110 section 11.2): the first one counts.
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), quoted?.replace(/\\([^])/g, '$1') ?? plain ?? '');
    }
    challenges.push({ scheme: scheme.toLowerCase(), ...(token68 !== undefined && { token68 }), parameters });
  }
  return challenges;
}
