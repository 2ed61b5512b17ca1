import type { HttpResponse } from '../../src/zeyos/transport/http';
import { PlatformUrl, type Endpoint } from '../../src/zeyos/address/platform';
import type {
  AccessToken,
  KnownAccount,
  PendingRevocation,
  Session,
  StoredAccount,
  TokenSet,
} from '../../src/session/model/session';

export const platform = PlatformUrl.parse('https://cloud.zeyos.com/demo');

export function httpResponse(
  answer: {
    url?: Endpoint;
    status?: number;
    headers?: Record<string, string>;
    body?: string;
    receivedAt?: number;
  } = {},
): HttpResponse {
  const { url = platform.endpoint('auth/v1/token'), status = 200, headers = {}, body = '', receivedAt = 0 } = answer;
  return { url, status, headers: new Headers(headers), body, sentAt: receivedAt, receivedAt, conceal: (text) => text };
}

export function accessToken(value: string, times: { issuedAt?: number; expiresAt?: number } = {}): AccessToken {
  return { value, issuedAt: 0, ...times };
}

export function tokenSet(value: string, times: { issuedAt?: number; expiresAt?: number } = {}): TokenSet {
  return { api: 'authV1', accessToken: accessToken(value, times) };
}

export function oauth2TokenSet(
  value: string,
  refreshToken = `refresh ${value}`,
  times: { issuedAt?: number; expiresAt?: number; refreshExpiresAt?: number } = {},
): TokenSet {
  const { refreshExpiresAt, ...access } = times;
  return {
    api: 'oauth2',
    accessToken: accessToken(value, access),
    grant: {
      kind: 'refreshToken',
      value: refreshToken,
      ...(refreshExpiresAt !== undefined && { expiresAt: refreshExpiresAt }),
    },
    clientId: 'vscode',
  };
}

export function session(token: AccessToken | undefined, signedInAt = 0): Session {
  return { api: 'authV1', signedInAt, ...(token && { accessToken: token }) };
}

export function pending(token: string, expiresAt?: number): PendingRevocation {
  return { api: 'authV1', token, ...(expiresAt !== undefined && { expiresAt }) };
}

export function knownAccount(
  userName = 'max.power',
  more: { id?: string; sub?: string; platform?: PlatformUrl; signedIn?: boolean } = {},
): KnownAccount {
  const { id = `id of ${userName}`, sub, platform: at = platform, signedIn = true } = more;
  const account = {
    id: `${at.href}#${sub ?? userName}`,
    label: `${userName} (${at.label})`,
    userName,
    ...(sub !== undefined && { sub }),
  };
  return { id, platform: at, account, signedIn };
}

/** A stored account, which is signed in if it has a session or has lost it. */
export function storedAccount(
  its: { session?: Session; lost?: boolean; id?: string; userName?: string; platform?: PlatformUrl } = {},
): StoredAccount {
  const { session: signedInTo, lost = false, userName, ...more } = its;
  const known = knownAccount(userName, { ...more, signedIn: lost || signedInTo !== undefined });
  return { ...known, ...(signedInTo && { session: signedInTo }), lost, pendingRevocations: [] };
}
