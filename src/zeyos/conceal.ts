import type { HttpRequest } from './http';

/** Form parameters that are not secret. */
const OPEN = new Set(['grant_type', 'redirect_uri', 'client_id', 'token_type_hint', 'name', 'identifier', 'expdate']);
/** Anything shorter is not concealed: it would match ordinary words. */
const SHORTEST = 4;

/** Conceals a request's own secrets in the server's answer, which may echo them. */
export function concealer({ headers = {}, form = {} }: Pick<HttpRequest, 'headers' | 'form'>): (text: string) => string {
  const [, scheme = '', credentials = ''] = /^(\w+) (.*)$/.exec(headers['Authorization'] ?? '') ?? [];
  const decoded = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  return concealing([credentials, decoded, decoded.slice(decoded.indexOf(':') + 1), ...Object.entries(form).flatMap(([name, value]) => (OPEN.has(name) ? [] : [value]))]);
}

/** Conceals secrets in a text, however it spells them. */
export function concealing(secrets: readonly string[]): (text: string) => string {
  // The longest first, as one may be part of another.
  const hidden = [...new Set(secrets.flatMap(spellings))].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  // In any case: hexadecimal digits have two, and host names lose theirs.
  const patterns = hidden.map((text) => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi'));
  return (text) => patterns.reduce((shown, pattern) => shown.replace(pattern, '…'), text);
}

/** The spellings of a secret: as it is, with lone surrogates replaced as on the wire, in a URL, in a form, and in JSON as JavaScript and as PHP write it. */
function spellings(secret: string): readonly string[] {
  const sent = Buffer.from(secret).toString();
  const json = JSON.stringify(secret).slice(1, -1);
  const ofPhp = json.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).replaceAll('/', '\\/');
  return [secret, sent, encodeURIComponent(sent), new URLSearchParams({ '': sent }).toString().slice(1), json, ofPhp];
}
