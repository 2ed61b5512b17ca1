import { randomBytes } from 'node:crypto';
import { refuse, requireBearer } from './challenge';
import type { Exchange } from './exchange';
import { unixSeconds } from './instances';
import { invalidRequest } from './invalidRequest';
import type { Context, Routes } from './routes';
import { isRefusal, signIn } from './users';

/** The Auth API v1: issues a token for a password. That token authenticates introspection and revocation. */
export const authV1: Routes = {
  '/auth/v1/token': { POST: issueToken },
  '/auth/v1/token/introspect': { POST: introspectToken },
  '/auth/v1/token/revoke': { POST: revokeToken },
};

function issueToken(exchange: Exchange, { instance, tokens }: Context): void {
  if (exchange.body !== '' && !exchange.form) {
    invalidRequest(exchange, 'A body must be application/x-www-form-urlencoded');
    return;
  }
  const user = signIn(instance.users, {
    name: exchange.basic?.name,
    password: exchange.basic?.password,
    otp: exchange.form?.get('otp') ?? undefined,
  });
  if (isRefusal(user)) {
    refuse(exchange, instance, `Basic realm="${instance.name}"`, user.error, user.description);
    return;
  }
  const token = tokens.issue(
    { instance: instance.name, api: 'authV1', kind: 'access', user: user.name },
    instance.lifetimeSeconds,
  );
  exchange.json(
    200,
    {
      access_token: token.value,
      ...(instance.tokenAnswer.token_type && { token_type: 'Bearer' }),
      ...(instance.tokenAnswer.expires_in && { expires_in: instance.lifetimeSeconds }),
    },
    {
      // For browsers. The sandbox never accepts it, so that clients do not depend on it.
      'Set-Cookie': `ZEYOSID=${randomBytes(16).toString('hex')}; Path=/${instance.name}/; HttpOnly; SameSite=Lax`,
    },
  );
}

/** RFC 7662. Reports an unknown or ended token as inactive, without other members. */
function introspectToken(exchange: Exchange, context: Context): void {
  const { instance, tokens } = context;
  if (!instance.introspection.offered) {
    exchange.text(404, 'Not Found');
    return;
  }
  const value = authenticatedTokenField(exchange, context);
  if (value === undefined) {
    return;
  }
  const token = tokens.liveAccess(value, instance.name);
  if (!token) {
    exchange.json(200, { active: false });
    return;
  }
  const { exp, username, sub } = instance.introspection;
  exchange.json(200, {
    active: true,
    token_type: 'Bearer',
    iat: unixSeconds(instance, token.issuedAt),
    ...(exp && { exp: unixSeconds(instance, token.expiresAt) }),
    ...(username && { username: token.user }),
    ...(sub && { sub: instance.users.find(({ name }) => name === token.user)?.sub }),
  });
}

/** RFC 7009. Answers 200 for an unknown token. */
function revokeToken(exchange: Exchange, context: Context): void {
  const value = authenticatedTokenField(exchange, context);
  if (value === undefined) {
    return;
  }
  if (context.tokens.liveAccess(value, context.instance.name)) {
    context.tokens.revoke(value);
  }
  exchange.json(200, {});
}

/** Returns the form field `token` of an authenticated request, or rejects the request. */
function authenticatedTokenField(exchange: Exchange, context: Context): string | undefined {
  if (!requireBearer(exchange, context)) {
    return undefined;
  }
  const value = exchange.form?.get('token');
  if (!value) {
    invalidRequest(
      exchange,
      exchange.form ? 'The field token is missing' : 'The body must be application/x-www-form-urlencoded',
    );
    return undefined;
  }
  return value;
}
