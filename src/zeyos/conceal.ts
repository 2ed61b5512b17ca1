import type { HttpRequest } from './http';

/** Members of a form that say how and for whom, and are no secrets. */
const OPEN = new Set(['grant_type', 'redirect_uri', 'client_id', 'token_type_hint', 'name', 'identifier', 'expdate']);
/** What is shorter would be found in every other word. */
const SHORTEST = 4;

/** Takes out of a server's words what the request had told it in confidence: it may quote that. */
export function concealer({ headers = {}, form = {} }: Pick<HttpRequest, 'headers' | 'form'>): (text: string) => string {
  const [, scheme = '', credentials = ''] = /^(\w+) (.*)$/.exec(headers['Authorization'] ?? '') ?? [];
  const decoded = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString('utf8') : '';
  const secrets = [credentials, decoded, decoded.slice(decoded.indexOf(':') + 1), ...Object.entries(form).flatMap(([name, value]) => (OPEN.has(name) ? [] : [value]))];
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), new URLSearchParams({ secret }).toString().slice('secret='.length)]);
  // The longest first, as one may be part of another.
  const hidden = [...new Set(forms)].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((shown, secret) => shown.replaceAll(secret, '…'), text);
}
