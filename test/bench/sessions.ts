import type { Services } from '../../src/services';
import type { StoredAccount } from '../../src/session/model/session';
import type { PlatformUrl } from '../../src/zeyos/address/platform';
import type { Fetch } from '../../src/zeyos/transport/http';

const CLIENT_ID = 'bench';
const YEAR_MS = 365 * 86_400_000;
let issued = 0;

/** Keeps a session that can be renewed by a refresh token. No server knows it. */
export async function keptSession(services: Services, platform: PlatformUrl, index: number): Promise<StoredAccount> {
  const now = Date.now();
  if (index === 0) await services.clientSecrets.store(platform, { clientId: CLIENT_ID, clientSecret: 'bench-secret' });
  return services.store.signIn(
    platform,
    { userName: `user.${index}`, sub: String(index) },
    {
      surface: 'oauth2',
      accessToken: { value: `token-${index}`, issuedAt: now, expiresAt: now + YEAR_MS },
      grant: { kind: 'refreshToken', value: `refresh-${index}`, expiresAt: now + YEAR_MS },
      clientId: CLIENT_ID,
    },
  );
}

/** Answers every request for a token with new tokens, and every introspection with an active token. */
export const renewingServer: Fetch = (url) => {
  const body = url.endsWith('/token')
    ? {
        access_token: `token-${++issued}`,
        refresh_token: `refresh-${issued}`,
        token_type: 'Bearer',
        expires_in: 3600,
        refresh_token_expires_in: 86_400,
      }
    : { active: true, sub: '0', username: 'user.0', exp: Math.floor(Date.now() / 1000) + 86_400 };
  return Promise.resolve(Response.json(body));
};
