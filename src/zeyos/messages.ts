import { MalformedResponseError } from './errors';
import type { HttpResponse } from './transport/http';
import { isJsonObject, parseJsonObject, type JsonObject } from '../base/json';

/** RFC 6749 section 5.1, as far as it is used. */
export interface TokenResponse {
  readonly access_token: string;
  /** Seconds. */
  readonly expires_in?: number;
  /** Single-use where ZeyOS issues one. */
  readonly refresh_token?: string;
  /** Seconds; ZeyOS's own. */
  readonly refresh_token_expires_in?: number;
  readonly username?: string;
  readonly sub?: string;
}

/** RFC 7662 section 2.2. Times are Unix seconds by the server's clock. */
export type IntrospectionResponse =
  | { readonly active: false }
  | {
      readonly active: true;
      readonly username?: string;
      readonly sub?: string;
      /** ZeyOS's own, of the legacy login. */
      readonly email?: string;
      readonly client_id?: string;
      /** ZeyOS's id of the application that a legacy token belongs to. */
      readonly application?: string;
      readonly token_type?: string;
      readonly exp?: number;
      readonly iat?: number;
    };

/** OpenID Connect Core section 5.1, and ZeyOS's `groups`, as far as they are used. */
export interface UserInfoResponse {
  readonly sub: string;
  readonly preferred_username?: string;
  readonly name?: string;
  readonly email?: string;
  /** Names. */
  readonly groups: readonly string[];
}

/** The legacy login's answer. */
export interface LoginResponse {
  readonly token: string;
  /** Unix seconds by the server's clock. */
  readonly expdate?: number;
}

/** RFC 6749 section 5.2. */
interface ErrorResponse {
  readonly error: string;
  readonly error_description?: string;
}

/** RFC 6750 section 2.1: any non-empty `b64token`. */
const B64_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

export function isB64Token(text: string): boolean {
  return B64_TOKEN.test(text);
}

/** @throws {MalformedResponseError} */
export function parseTokenResponse(response: HttpResponse): TokenResponse {
  const json = parseObject(response);
  const { access_token } = b64Token(json, 'access_token');
  if (access_token === undefined) throw malformed('access_token', json, response);
  if (!isBearer(json['token_type'])) throw malformed('token_type', json, response);
  // A member that is optional and wrong is as good as absent: refusing it would lose a token that was issued.
  const { refresh_token } = b64Token(json, 'refresh_token');
  const own = ownText(json, (its) =>
    [access_token, refresh_token].some((token) => token && token.length >= 8 && its.includes(token))
      ? ''
      : response.conceal(its),
  );
  return {
    access_token,
    ...seconds(json, 'expires_in'),
    ...(refresh_token !== undefined && { refresh_token }),
    ...seconds(json, 'refresh_token_expires_in'),
    ...own('username'),
    ...own('sub'),
  };
}

/** Absent, `null` and blank mean Bearer (RFC 6749 section 7.1: the type is not case-sensitive). */
function isBearer(tokenType: unknown): boolean {
  if (tokenType === undefined || tokenType === null) return true;
  return typeof tokenType === 'string' && /^\s*(bearer\s*)?$/i.test(tokenType);
}

/** The tokens in an answer that is otherwise of no use. */
export interface IssuedTokens {
  readonly access_token?: string;
  readonly refresh_token?: string;
}

/** Tokens that an answer issued although it cannot be used, or `undefined` if it holds none. */
export function issuedTokens({ status, body }: HttpResponse): IssuedTokens | undefined {
  const json = status >= 200 && status <= 299 ? parseJsonObject(body) : undefined;
  if (!json) return undefined;
  const { access_token = b64Token(json, 'token').token } = b64Token(json, 'access_token');
  const { refresh_token } = b64Token(json, 'refresh_token');
  if (access_token === undefined && refresh_token === undefined) return undefined;
  return { ...(access_token !== undefined && { access_token }), ...(refresh_token !== undefined && { refresh_token }) };
}

/** @throws {MalformedResponseError} */
export function parseUserInfoResponse(response: HttpResponse): UserInfoResponse {
  const json = parseObject(response);
  const own = ownText(json, response.conceal);
  const { sub } = own('sub');
  if (sub === undefined) throw malformed('sub', json, response);
  const groups = Array.isArray(json['groups'])
    ? json['groups'].flatMap((group) =>
        isJsonObject(group) ? (ownText(group, response.conceal)('name').name ?? []) : [],
      )
    : [];
  return { sub, ...own('preferred_username'), ...own('name'), ...own('email'), groups };
}

/**
 * The legacy login's `GET /`, in the words of RFC 7662: whoever gets an answer has a token that is active.
 * @throws {MalformedResponseError}
 */
export function parseLegacyUser(response: HttpResponse): IntrospectionResponse {
  const json = parseObject(response);
  const own = ownText(json, response.conceal);
  const { user: sub } = own('user');
  const { name: username } = own('name');
  // Any other JSON object would not be about a user, and prove nothing.
  if (!isJsonObject(json['auth']) && sub === undefined && username === undefined)
    throw malformed('user', json, response);
  const auth = isJsonObject(json['auth']) ? ownText(json['auth'], response.conceal)('application') : {};
  return {
    active: true,
    ...(sub !== undefined && { sub }),
    ...(username !== undefined && { username }),
    ...own('email'),
    ...auth,
  };
}

/** @throws {MalformedResponseError} */
export function parseLoginResponse(response: HttpResponse): LoginResponse {
  const json = parseObject(response);
  const { token } = b64Token(json, 'token');
  if (token === undefined) throw malformed('token', json, response);
  return { token, ...seconds(json, 'expdate') };
}

/** @throws {MalformedResponseError} */
export function parseIntrospectionResponse(response: HttpResponse): IntrospectionResponse {
  const json = parseObject(response);
  if (typeof json['active'] !== 'boolean') throw malformed('active', json, response);
  if (!json['active']) return { active: false };
  const own = ownText(json, response.conceal);
  return {
    active: true,
    ...own('username'),
    ...own('sub'),
    ...own('client_id'),
    ...own('token_type'),
    ...seconds(json, 'exp'),
    ...seconds(json, 'iat'),
  };
}

/** Codes of RFC 6749 and RFC 6750 that decide what happens next: kept even where a password reads the same. */
const DECISIVE = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client', 'invalid_token']);

/** The RFC's error body, or `undefined` where the answer holds none. */
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

/**
 * A web page is a proxy's or a captive portal's, whatever its status.
 * @throws {MalformedResponseError}
 */
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
  // Some servers send a numeric user id.
  const string = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  return (typeof string === 'string' && string ? { [member]: string } : {}) as { [P in K]?: string };
}

/**
 * Reads texts that become names: of an account, a user, an application. One in which the server quotes what it was told in
 * confidence is no name, and as good as absent.
 */
function ownText(
  json: JsonObject,
  conceal: HttpResponse['conceal'],
): <K extends string>(member: K) => { [P in K]?: string } {
  return (member) => {
    const its = text(json, member);
    const value = its[member];
    return value === undefined || conceal(value) === value ? its : {};
  };
}

function b64Token<K extends string>(json: JsonObject, member: K): { [P in K]?: string } {
  const value = json[member];
  // Blanks around it are no part of it.
  const token = typeof value === 'string' ? value.replace(/^[ \t]+|[ \t]+$/g, '') : '';
  return (B64_TOKEN.test(token) ? { [member]: token } : {}) as { [P in K]?: string };
}

/** The end of the year 9999, as Unix seconds: a `Date` can hold it, and as much again. */
const LATEST = 253_402_300_799;

/** A time or a span in seconds; some servers send it as a text. */
function seconds<K extends string>(json: JsonObject, member: K): { [P in K]?: number } {
  const value = json[member];
  const number = typeof value === 'string' && /^\s*\d{1,12}(\.\d{1,6})?\s*$/.test(value) ? Number(value) : value;
  return (typeof number === 'number' && number > 0 && number <= LATEST ? { [member]: number } : {}) as {
    [P in K]?: number;
  };
}
