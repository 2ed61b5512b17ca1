import type { HttpRequest } from './http';

/** Members of a form that say how and for whom, and are no secrets. */
const OPEN = new Set(['grant_type', 'redirect_uri', 'client_id', 'token_type_hint', 'name', 'identifier', 'expdate']);
/** What is shorter would be found in every other word. */
const SHORTEST = 4;

/** Takes out of a server's words what the request had told it in confidence: it may quote that. */
export function concealer({ headers = {}, form = {} }: Pick<HttpRequest, 'headers' | 'form'>): (text: string) => string {
  const [, scheme = '', credentials = ''] = /^(\w+) (.*)$/.exec(headers['Authorization'] ?? '') ?? [];
  const decoded = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  return concealing([credentials, decoded, decoded.slice(decoded.indexOf(':') + 1), ...Object.entries(form).flatMap(([name, value]) => (OPEN.has(name) ? [] : [value]))]);
}

/** Takes secrets out of a text, however it writes them. */
export function concealing(secrets: readonly string[]): (text: string) => string {
  // The longest first, as one may be part of another.
  const hidden = [...new Set(secrets.flatMap(quotations))].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  // In any case: hexadecimal digits have two, and host names lose theirs.
  const patterns = hidden.map((text) => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi'));
  return (text) => patterns.reduce((shown, pattern) => shown.replace(pattern, '…'), text);
}

/** A secret as it is, as it is sent where it holds half a character, in an address, in a form, and in JSON as JavaScript and as PHP write it. */
function quotations(secret: string): readonly string[] {
  const sent = Buffer.from(secret).toString();
  const json = JSON.stringify(secret).slice(1, -1);
  const ofPhp = json.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).replaceAll('/', '\\/');
  return [secret, sent, encodeURIComponent(sent), new URLSearchParams({ '': sent }).toString().slice(1), json, ofPhp];
}
