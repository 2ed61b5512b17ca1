import { authorize } from './authorize';
import { requireBearerInText } from './challenge';
import { requireClient } from './clientAuthentication';
import type { Exchange } from './exchange';
import { grants, isGrantType } from './grants';
import { unixSeconds } from './instances';
import { invalidRequest } from './invalidRequest';
import type { Context, Routes } from './routes';
import type { IssuedToken } from './tokenStore';
import { claimsOf } from './userClaims';

/** OAuth 2.0. An application acts for a user, and authenticates on every endpoint but the last. */
export const oauth2: Routes = {
  ...authorize,
  '/oauth2/v1/token': { POST: issueTokens },
  '/oauth2/v1/introspect': { POST: introspectToken },
  '/oauth2/v1/revoke': { POST: revokeToken },
  '/oauth2/v1/userinfo': { GET: showUserInfo },
};

function issueTokens(exchange: Exchange, context: Context): void {
  const { instance, tokens, exchanges } = context;
  const call = requireClient(exchange, instance);
  if (!call) {
    return;
  }
  const grant_type = call.field('grant_type') ?? '';
  if (!isGrantType(grant_type)) {
    exchange.json(400, {
      error: 'unsupported_grant_type',
      error_description: 'The grant_type must be authorization_code, refresh_token or password',
    });
    return;
  }
  const granted = grants[grant_type](call, context);
  if (!granted) {
    invalidRequest(exchange, `A field that the grant_type ${grant_type} needs is missing`);
    return;
  }
  if ('problem' in granted) {
    exchange.json(instance.oauth2.invalidGrantStatus, {
      error: 'invalid_grant',
      error_description: `Forbidden: ${granted.problem}`,
    });
    return;
  }
  const { from, ...whose } = granted;
  const { accessLifetimeSeconds, refreshLifetimeSeconds, oneTokenSet } = instance.oauth2;
  const order = {
    ...whose,
    instance: instance.name,
    api: 'oauth2',
    client_id: call.application.client_id,
  } as const;
  if (oneTokenSet) {
    tokens.revokeSet(order);
  }
  const access = tokens.issue({ ...order, kind: 'access' }, accessLifetimeSeconds);
  const refresh = tokens.issue({ ...order, kind: 'refresh', grant: access.grant }, refreshLifetimeSeconds);
  const answer = { access_token: access.value, refresh_token: refresh.value };
  exchanges.push({
    at: access.issuedAt,
    grant_type,
    instance: instance.name,
    user: whose.user,
    ...(from !== undefined && { from }),
    ...answer,
  });
  exchange.json(200, {
    token_type: 'Bearer',
    access_token: access.value,
    expires_in: accessLifetimeSeconds,
    refresh_token: refresh.value,
    refresh_token_expires_in: refreshLifetimeSeconds,
  });
}

/** RFC 7662, for access and refresh tokens. A token of another application is reported as inactive. */
function introspectToken(exchange: Exchange, context: Context): void {
  const asked = requireTokenField(exchange, context);
  if (!asked) {
    return;
  }
  const { token } = asked;
  const { instance } = context;
  if (!token || (token.kind === 'refresh' && !instance.oauth2.introspectsRefreshTokens)) {
    exchange.json(200, { active: false });
    return;
  }
  exchange.json(200, {
    active: true,
    client_id: token.client_id,
    username: token.user,
    sub: instance.users.find(({ name }) => name === token.user)?.sub,
    exp: unixSeconds(instance, token.expiresAt),
  });
}

/**
 * RFC 7009. An access token ends alone, a refresh token ends its access token too. Answers 200 for an unknown token.
 */
function revokeToken(exchange: Exchange, context: Context): void {
  const asked = requireTokenField(exchange, context);
  if (!asked) {
    return;
  }
  const { instance, tokens } = context;
  const ended = asked.token ? undefined : tokens.find(asked.value, instance.name);
  if (instance.oauth2.revokesReplacement && ended?.kind === 'refresh') {
    tokens.revokeSet(ended);
  } else if (asked.token?.kind === 'refresh') {
    context.tokens.revokeGrant(asked.token.grant);
  } else if (asked.token) {
    context.tokens.revoke(asked.token.value);
  }
  exchange.text(200, '');
}

/**
 * Returns the token in the field `token` if it is valid and the application’s own. A request without the field is
 * rejected.
 */
function requireTokenField(
  exchange: Exchange,
  { instance, tokens }: Context,
): { value: string; token: IssuedToken | undefined } | undefined {
  const call = requireClient(exchange, instance);
  if (!call) {
    return undefined;
  }
  const value = call.field('token');
  if (value === undefined) {
    invalidRequest(exchange, 'The field token is missing');
    return undefined;
  }
  const token = tokens.live(value, instance.name);
  return { value, token: token?.client_id === call.application.client_id ? token : undefined };
}

function showUserInfo(exchange: Exchange, context: Context): void {
  const token = requireBearerInText(exchange, context);
  const user = context.instance.users.find(({ name }) => name === token?.user);
  if (token && user) {
    exchange.json(200, claimsOf(user));
  }
}
