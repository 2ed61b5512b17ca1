import { MalformedResponseError } from './errors';
import type { HttpResponse } from './transport/http';
import { isJsonObject, parseJsonObject, type JsonObject } from '../base/json';

/** The responses of ZeyOS's APIs. Every parser throws {@link MalformedResponseError}. */

/** RFC 6749 section 5.1. Spans are in seconds. */
export interface TokenResponse {
  readonly access_token: string;
  readonly expires_in?: number;
  readonly refresh_token?: string;
  /** Not in the RFC. */
  readonly refresh_token_expires_in?: number;
  readonly username?: string;
  readonly sub?: string;
}

/** RFC 7662 section 2.2. Times are Unix seconds of the server's clock. */
export type IntrospectionResponse =
  | { readonly active: false }
  | {
      readonly active: true;
      readonly username?: string;
      readonly sub?: string;
      /** From the legacy login only. */
      readonly email?: string;
      readonly client_id?: string;
      /** ZeyOS's ID of the application. From the legacy login only. */
      readonly application?: string;
      readonly token_type?: string;
      readonly exp?: number;
      readonly iat?: number;
    };

/** OpenID Connect Core section 5.1, and ZeyOS's `groups`. */
export interface UserInfoResponse {
  readonly sub: string;
  readonly preferred_username?: string;
  readonly name?: string;
  readonly email?: string;
  /** Names, not IDs. */
  readonly groups: readonly string[];
}

export interface LoginResponse {
  readonly token: string;
  /** Unix seconds of the server's clock. */
  readonly expdate?: number;
}

/** RFC 6749 section 5.2. */
interface ErrorResponse {
  readonly error: string;
  readonly error_description?: string;
}

/** RFC 6750 section 2.1. */
const B64_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

export function isB64Token(text: string): boolean {
  return B64_TOKEN.test(text);
}

export function parseTokenResponse(response: HttpResponse): TokenResponse {
  const json = parseObject(response);
  const { access_token } = b64Token(json, 'access_token');
  if (access_token === undefined) throw malformed('access_token', json, response);
  if (!isBearer(json['token_type'])) throw malformed('token_type', json, response);
  // An error about an optional member would lose the issued token.
  const { refresh_token } = b64Token(json, 'refresh_token');
  const readName = nameReader(json, (value) =>
    [access_token, refresh_token].some((token) => token && token.length >= 8 && value.includes(token))
      ? ''
      : response.conceal(value),
  );
  return {
    access_token,
    ...seconds(json, 'expires_in'),
    ...(refresh_token !== undefined && { refresh_token }),
    ...seconds(json, 'refresh_token_expires_in'),
    ...readName('username'),
    ...readName('sub'),
  };
}

/** A missing type means Bearer. Types are not case-sensitive (RFC 6749 section 7.1). */
function isBearer(tokenType: unknown): boolean {
  if (tokenType === undefined || tokenType === null) return true;
  return typeof tokenType === 'string' && /^\s*(bearer\s*)?$/i.test(tokenType);
}

export interface IssuedTokens {
  readonly access_token?: string;
  readonly refresh_token?: string;
}

export function issuedTokens({ status, body }: HttpResponse): IssuedTokens | undefined {
  const json = status >= 200 && status <= 299 ? parseJsonObject(body) : undefined;
  if (!json) return undefined;
  const { access_token = b64Token(json, 'token').token } = b64Token(json, 'access_token');
  const { refresh_token } = b64Token(json, 'refresh_token');
  if (access_token === undefined && refresh_token === undefined) return undefined;
  return { ...(access_token !== undefined && { access_token }), ...(refresh_token !== undefined && { refresh_token }) };
}

export function parseUserInfoResponse(response: HttpResponse): UserInfoResponse {
  const json = parseObject(response);
  const readName = nameReader(json, response.conceal);
  const { sub } = readName('sub');
  if (sub === undefined) throw malformed('sub', json, response);
  const groups = Array.isArray(json['groups'])
    ? json['groups'].flatMap((group) =>
        isJsonObject(group) ? (nameReader(group, response.conceal)('name').name ?? []) : [],
      )
    : [];
  return { sub, ...readName('preferred_username'), ...readName('name'), ...readName('email'), groups };
}

/** The legacy login answers `GET /` for active tokens only. */
export function parseLegacyUser(response: HttpResponse): IntrospectionResponse {
  const json = parseObject(response);
  const readName = nameReader(json, response.conceal);
  const { user: sub } = readName('user');
  const { name: username } = readName('name');
  // Any other JSON object may come from another server.
  if (!isJsonObject(json['auth']) && sub === undefined && username === undefined)
    throw malformed('user', json, response);
  const auth = isJsonObject(json['auth']) ? nameReader(json['auth'], response.conceal)('application') : {};
  return {
    active: true,
    ...(sub !== undefined && { sub }),
    ...(username !== undefined && { username }),
    ...readName('email'),
    ...auth,
  };
}

export function parseLoginResponse(response: HttpResponse): LoginResponse {
  const json = parseObject(response);
  const { token } = b64Token(json, 'token');
  if (token === undefined) throw malformed('token', json, response);
  return { token, ...seconds(json, 'expdate') };
}

export function parseIntrospectionResponse(response: HttpResponse): IntrospectionResponse {
  const json = parseObject(response);
  if (typeof json['active'] !== 'boolean') throw malformed('active', json, response);
  if (!json['active']) return { active: false };
  const readName = nameReader(json, response.conceal);
  return {
    active: true,
    ...readName('username'),
    ...readName('sub'),
    ...readName('client_id'),
    ...readName('token_type'),
    ...seconds(json, 'exp'),
    ...seconds(json, 'iat'),
  };
}

/** These codes (RFC 6749, RFC 6750) decide the next step. They stay even if they equal a secret of the request. */
const DECISIVE = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_token']);

export function parseErrorResponse(response: HttpResponse): ErrorResponse | undefined {
  const json = parseJsonObject(response.body);
  if (typeof json?.['error'] !== 'string' || json['error'].trim() === '') return undefined;
  const { error_description } = text(json, 'error_description');
  const error = DECISIVE.has(json['error']) ? json['error'] : response.conceal(json['error']);
  return {
    error: error.slice(0, 100),
    ...(error_description !== undefined && { error_description: response.conceal(error_description) }),
  };
}

export function isWebPage(body: string): boolean {
  return /^\s*</.test(body);
}

/** A web page comes from a proxy or a captive portal, whatever its status. */
export function refuseWebPage({ body, status }: HttpResponse): void {
  if (isWebPage(body)) throw new MalformedResponseError('webPage', status);
}

function parseObject(response: HttpResponse): JsonObject {
  refuseWebPage(response);
  const json = parseJsonObject(response.body);
  if (!json) throw new MalformedResponseError('notJson', response.status);
  return json;
}

function malformed(member: string, json: JsonObject, { status }: HttpResponse): MalformedResponseError {
  const value = json[member];
  if (value === undefined) return new MalformedResponseError('member', status, member);
  return new MalformedResponseError(
    'memberType',
    status,
    member,
    value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value,
  );
}

function text<K extends string>(json: JsonObject, member: K): { [P in K]?: string } {
  const value = json[member];
  // Some servers send a numeric user ID.
  const string = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return (typeof string === 'string' && string ? { [member]: string } : {}) as { [P in K]?: string };
}

/** Ignores a name that contains a secret from the request. */
function nameReader(
  json: JsonObject,
  conceal: HttpResponse['conceal'],
): <K extends string>(member: K) => { [P in K]?: string } {
  return (member) => {
    const found = text(json, member);
    const value = found[member];
    return value === undefined || conceal(value) === value ? found : {};
  };
}

function b64Token<K extends string>(json: JsonObject, member: K): { [P in K]?: string } {
  const value = json[member];
  const token = typeof value === 'string' ? value.replace(/^[ \t]+|[ \t]+$/g, '') : '';
  return (B64_TOKEN.test(token) ? { [member]: token } : {}) as { [P in K]?: string };
}

/** The end of the year 9999, in Unix seconds. */
const LATEST = 253_402_300_799;

/** Some servers send a number as text. */
function seconds<K extends string>(json: JsonObject, member: K): { [P in K]?: number } {
  const value = json[member];
  const number = typeof value === 'string' && /^\s*\d{1,12}(\.\d{1,6})?\s*$/.test(value) ? Number(value) : value;
  return (typeof number === 'number' && number > 0 && number <= LATEST ? { [member]: number } : {}) as {
    [P in K]?: number;
  };
}
