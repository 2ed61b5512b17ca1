import { isJsonObject as isObject, parseJsonObject, type JsonObject } from '../../base/json';
import { PlatformUrl } from '../../zeyos/address/platform';
import type { Api } from '../../zeyos/api';
import { savedPassword, type Grant } from '../model/grant';
import { SIGN_IN_METHODS, type SignInMethod } from '../model/instance';
import type {
  AccessToken,
  Account,
  AccountRecord,
  EndReason,
  UnfinishedExchange,
  KnownAccount,
  PendingRevocation,
  Session,
} from '../model/session';

/** The format that this version writes. Newer formats are not overwritten. */
const VERSION = 1;

export class NewerVersionError extends Error {
  override readonly name = 'NewerVersionError';
}

export function serializeIndex(accounts: readonly KnownAccount[]): string {
  return JSON.stringify({ version: VERSION, accounts: accounts.map(toIndexEntry) });
}

/**
 * Skips damaged entries.
 * @throws {NewerVersionError}
 */
export function parseIndex(text: string | undefined): readonly KnownAccount[] {
  const accounts = parseVersioned(text)?.['accounts'];
  return Array.isArray(accounts) ? accounts.filter(isIndexEntry).map(fromIndexEntry) : [];
}

/** False also for a missing index. */
export function isIntact(text: string | undefined): boolean {
  const accounts = parseVersioned(text)?.['accounts'];
  return Array.isArray(accounts) && accounts.every(isIndexEntry);
}

export function serializeRecord(record: AccountRecord): string {
  const { session, pendingRevocations } = record;
  return JSON.stringify({
    version: VERSION,
    ...(session && { session: toStoredSession(session) }),
    pendingRevocations: pendingRevocations.map(toStoredRevocation),
  });
}

/**
 * @returns `undefined` if the record is missing or damaged
 * @throws {NewerVersionError}
 */
export function parseRecord(text: string | undefined): AccountRecord | undefined {
  const json = parseVersioned(text);
  if (!json) return undefined;
  const { session, pendingRevocations } = json;
  if (session !== undefined && !isStoredSession(session)) return undefined;
  return {
    ...(session !== undefined && { session: fromStoredSession(session) }),
    pendingRevocations: Array.isArray(pendingRevocations)
      ? pendingRevocations.filter(isStoredRevocation).map(fromStoredRevocation)
      : [],
  };
}

function parseVersioned(text: string | undefined): JsonObject | undefined {
  const json = text === undefined ? undefined : parseJsonObject(text);
  if (typeof json?.['version'] !== 'number') return undefined;
  if (json['version'] > VERSION)
    throw new NewerVersionError(`a secret has version ${json['version']}, this extension knows ${VERSION}`);
  return json;
}

interface IndexEntry extends Omit<KnownAccount, 'platform'> {
  /** The canonical platform URL. */
  readonly instance: string;
}

function toIndexEntry({ id, platform, account, signedIn }: KnownAccount): IndexEntry {
  return { id, instance: platform.href, account, signedIn };
}

function fromIndexEntry({ id, instance, account, signedIn }: IndexEntry): KnownAccount {
  return { id, platform: PlatformUrl.parse(instance), account, signedIn };
}

function isIndexEntry(value: unknown): value is IndexEntry {
  return (
    isObject(value) &&
    isText(value['id']) &&
    isCanonicalUrl(value['instance']) &&
    isAccount(value['account']) &&
    typeof value['signedIn'] === 'boolean'
  );
}

function isCanonicalUrl(value: unknown): value is string {
  return typeof value === 'string' && PlatformUrl.tryParse(value)?.href === value;
}

function isAccount(value: unknown): value is Account {
  return (
    isObject(value) &&
    isText(value['id']) &&
    isText(value['label']) &&
    isText(value['userName']) &&
    isOptional(isText, value['sub'])
  );
}

/** `api` is stored as `surface`, and each kind of grant as its own member. */
interface StoredSession extends Omit<Session, 'api' | 'grant'> {
  readonly surface: Api;
  readonly refreshToken?: Expiring;
  readonly password?: string;
}

interface Expiring {
  readonly value: string;
  readonly expiresAt?: number;
}

interface StoredRevocation extends Omit<PendingRevocation, 'api'> {
  readonly surface: Api;
}

/** Keeps the order of members: an unchanged record stays the same byte for byte. */
function toStoredSession(session: Session): StoredSession {
  return mapMembers(session, (name, value) =>
    name === 'grant' ? toStoredGrant(value as Grant) : [name === 'api' ? 'surface' : name, value],
  );
}

function toStoredRevocation(pending: PendingRevocation): StoredRevocation {
  return mapMembers(pending, (name, value) => [name === 'api' ? 'surface' : name, value]);
}

function fromStoredRevocation(stored: StoredRevocation): PendingRevocation {
  return mapMembers(stored, (name, value) =>
    name === 'surface' ? ['api', value] : name === 'api' ? undefined : [name, value],
  );
}

function toStoredGrant(grant: Grant): readonly [string, unknown] {
  if (grant.kind === 'savedPassword') return ['password', grant.password];
  const { kind: _kind, ...refreshToken } = grant;
  return ['refreshToken', refreshToken];
}

/** No version writes both grants. If a record has both, the refresh token counts. */
function fromStoredSession(stored: StoredSession): Session {
  const { refreshToken, password } = stored;
  return mapMembers(stored, (name, value) => {
    if (name === 'surface') return ['api', value];
    if (name === 'refreshToken') return ['grant', { ...refreshToken, kind: name }];
    // A member with a name of the unstored form is damaged.
    if (name !== 'password') return name === 'grant' || name === 'api' ? undefined : [name, value];
    return refreshToken || password === undefined ? undefined : ['grant', savedPassword(password)];
  });
}

/** @param map returns `undefined` for a member to omit */
function mapMembers<T>(
  object: object,
  map: (name: string, value: unknown) => readonly [string, unknown] | undefined,
): T {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => {
      const member = map(name, value);
      return member ? [member] : [];
    }),
  ) as T;
}

function isStoredSession(value: unknown): value is StoredSession {
  return (
    isObject(value) &&
    isApi(value['surface']) &&
    isTime(value['signedInAt']) &&
    isOptional(isAccessToken, value['accessToken']) &&
    isOptional(isExpiring, value['refreshToken']) &&
    isOptional(isText, value['clientId']) &&
    isOptional(isMethod, value['method']) &&
    isOptional(isText, value['login']) &&
    isOptional(isText, value['password']) &&
    isOptional(isEndReason, value['ended']) &&
    isOptional(isUnfinishedExchange, value['exchange'])
  );
}

function isApi(value: unknown): value is Api {
  return value === 'authV1' || value === 'oauth2' || value === 'legacy';
}

function isMethod(value: unknown): value is SignInMethod {
  return SIGN_IN_METHODS.some((method) => method === value);
}

function isEndReason(value: unknown): value is EndReason {
  return value === 'revoked' || value === 'interrupted';
}

function isAccessToken(value: unknown): value is AccessToken {
  return isExpiring(value) && 'issuedAt' in value && isTime(value.issuedAt);
}

function isExpiring(value: unknown): value is Expiring {
  return isObject(value) && isText(value['value']) && isOptional(isTime, value['expiresAt']);
}

function isUnfinishedExchange(value: unknown): value is UnfinishedExchange {
  return isObject(value) && isText(value['of']) && isTime(value['startedAt']);
}

function isStoredRevocation(value: unknown): value is StoredRevocation {
  return (
    isObject(value) &&
    isApi(value['surface']) &&
    isText(value['token']) &&
    isOptional(isText, value['clientId']) &&
    isOptional(isTime, value['expiresAt']) &&
    isOptional(isAccessToken, value['accessToken'])
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
}

function isOptional<T>(is: (value: unknown) => value is T, value: unknown): value is T | undefined {
  return value === undefined || is(value);
}
