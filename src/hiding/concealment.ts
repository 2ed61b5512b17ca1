import type { Conceal } from './index';

/** Form parameters that are not secret. */
const OPEN = new Set(['grant_type', 'redirect_uri', 'client_id', 'token_type_hint', 'name', 'identifier', 'expdate']);
/** A shorter secret is not concealed: it would match ordinary words. In characters. */
const SHORTEST = 4;
/** A longer pattern could be refused as a regular expression, or take too long. In characters. */
const LONGEST_PATTERN = 20_000;
/**
 * Longer text is cut, in characters: it is never shown whole, and a server could make text in which a long secret takes
 * long to find.
 */
const LONGEST_TEXT = 100_000;

interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

/** Conceals a request's own secrets, which the server's answer may echo. */
export function concealRequestSecrets({ headers = {}, form = {} }: RequestParts): Conceal {
  const [, scheme = '', credentials = ''] = /^(\w+) (.*)$/.exec(headers['Authorization'] ?? '') ?? [];
  const decoded = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  return concealSecrets([
    credentials,
    decoded,
    decoded.slice(decoded.indexOf(':') + 1),
    ...Object.entries(form).flatMap(([name, value]) => (OPEN.has(name) ? [] : [value])),
  ]);
}

export function concealSecrets(secrets: readonly string[]): Conceal {
  // The longest first, as one may be part of another.
  const hidden = [...new Set(secrets.flatMap((secret) => [secret, ...encodings(secret)]))]
    .filter(({ length }) => length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  const patterns = hidden.map((text) => {
    const pattern = (text.match(/\\+|[^]/gu) ?? []).map(spellings).join('');
    // Ignores case: hexadecimal digits have two, and host names lose theirs.
    return pattern.length > LONGEST_PATTERN ? text : new RegExp(pattern, 'gi');
  });
  return (text) =>
    patterns.reduce<string>(
      (shown, pattern) => shown.replaceAll(pattern, '…'),
      text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text,
    );
}

/** A secret in a URL and in a form, with lone surrogates replaced as on the wire. */
function encodings(secret: string): readonly string[] {
  const sent = Buffer.from(secret).toString();
  return [sent, encodeURIComponent(sent), new URLSearchParams({ '': sent }).toString().slice(1)];
}

/** The five that HTML names; the last one only in newer versions. */
const ENTITIES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/**
 * The pattern for one character of a secret: as it is, as JavaScript and PHP escape it in JSON, and as an entity of
 * HTML. A text may be escaped for one and then for the other.
 *
 * For the secret `a"` the two patterns are, one alternative to a line:
 *
 *     a                                       no encoder escapes it
 *
 *     (?:&|\\u0026)(?:amp;)*                  `&`, as JSON may escape it, and as HTML escapes it once more …
 *         (?:#0*34;|#x0*22;|quot;)            … `&#34;`, `&#034;`, `&#x22;`, `&quot;`, `&amp;quot;`, `\u0026quot;`
 *     \\{1,4}u0022                            `\u0022`, and `\\u0022` if JSON is quoted in JSON
 *     \\"                                     `\"`, the short escape of JSON
 *     "                                       as it is
 *
 * Adjacent backslashes come as one `character` and get one pattern with a count: with a pattern for each, the time to
 * match a run of them would grow exponentially.
 */
function spellings(character: string): string {
  // No encoder escapes these.
  if (/[^\p{Cc}&<>"'`=/\\]/u.test(character) && character <= '~') return escaped(character);
  const count = character.startsWith('\\') ? character.length : 1;
  const one = count > 1 ? '\\' : character;
  const code = one.codePointAt(0) ?? 0;
  const units = Array.from(
    { length: one.length },
    (_, at) => `\\\\{1,4}u${one.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
  const entity = [`#0*${code};`, `#x0*${code.toString(16)};`, ...(ENTITIES[one] ? [`${ENTITIES[one]};`] : [])].join(
    '|',
  );
  const [short] = /^\\[^u]$/.exec(one === '/' ? '\\/' : JSON.stringify(one).slice(1, -1)) ?? [];
  const asItIs =
    one === '\\'
      ? `\\\\{${count},${2 * count}}`
      : [...(short === undefined ? [] : [escaped(short)]), escaped(one)].join('|');
  return `(?:(?:(?:&|\\\\u0026)(?:amp;)*(?:${entity})|${units}){${count}}|${asItIs})`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
