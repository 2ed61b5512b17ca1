import { requireBearerInText } from './challenge';
import type { Exchange } from './exchange';
import { unixSeconds } from './instances';
import type { SandboxInstance } from './instances';
import type { Context, Routes } from './routes';
import { claimsOf } from './userClaims';
import { isRefusal, signIn } from './users';
import type { SandboxUser } from './users';

/** The legacy login. Every failure is one line of plain text. */
export const legacy: Routes = {
  '/auth/v1/login': { POST: logIn },
  '/auth/v1/logout': { GET: logOut },
  '/auth/v1': { GET: showUser, HEAD: verify },
  '/auth/v1/': { GET: showUser, HEAD: verify },
};

function logIn(exchange: Exchange, { instance, tokens }: Context): void {
  const value = (name: string) => exchange.fields?.get(name) || undefined;
  const identifier = value('identifier');
  const lifetimeSeconds = lifetime(exchange, instance, value('expdate'));
  if (
    value('name') === undefined ||
    value('password') === undefined ||
    identifier === undefined ||
    !/^[a-zA-Z0-9_.:-]+$/.test(identifier) ||
    lifetimeSeconds === undefined
  ) {
    exchange.text(
      400,
      'Bad Request: name, password and a valid identifier are required, and an expdate must be a Unix time to come',
    );
    return;
  }
  const secret = value('appsecret');
  const application = instance.applications.find(({ client_secret }) => client_secret === secret);
  if (secret !== undefined && !application) {
    exchange.text(401, 'Unauthorized: Unknown client application');
    return;
  }
  const user = signIn(instance.users, { name: value('name'), password: value('password'), otp: value('otp') });
  if (isRefusal(user)) {
    exchange.text(401, `Unauthorized: ${user.description}`);
    return;
  }
  // Ties the token to its device: another login from the device replaces it.
  const grant = JSON.stringify([instance.name, user.name, identifier]);
  tokens.revokeGrant(grant);
  const order = { instance: instance.name, api: 'legacy', kind: 'access', user: user.name, grant } as const;
  const token = tokens.issue(application ? { ...order, client_id: application.client_id } : order, lifetimeSeconds);
  exchange.json(200, {
    user: userId(user),
    application: application?.id ?? null,
    token: token.value,
    identifier,
    expdate: unixSeconds(instance, token.expiresAt) ?? null,
  });
}

function logOut(exchange: Exchange, context: Context): void {
  const token = requireBearerInText(exchange, context);
  if (token) {
    context.tokens.revoke(token.value);
    exchange.empty(204);
  }
}

function verify(exchange: Exchange, context: Context): void {
  if (requireBearerInText(exchange, context)) {
    exchange.empty(204);
  }
}

function showUser(exchange: Exchange, context: Context): void {
  const token = requireBearerInText(exchange, context);
  const user = context.instance.users.find(({ name }) => name === token?.user);
  if (!token || !user) {
    return;
  }
  const { email, locale, nopublic, apionly, groups } = claimsOf(user);
  const application = context.instance.applications.find(({ client_id }) => client_id === token.client_id);
  exchange.json(200, {
    auth: { user: userId(user), application: application?.id ?? null, lang: locale.replace('-', '_') },
    user: userId(user),
    contact: null,
    name: user.name,
    email,
    ...(new URLSearchParams(exchange.query).get('access') === '1' && {
      admin: false,
      nopublic,
      apionly,
      groups: Object.fromEntries(groups.map(({ id, writable }) => [id, writable])),
    }),
  });
}

/** Returns the lifetime of the token, or undefined for an invalid expdate. */
function lifetime(exchange: Exchange, instance: SandboxInstance, expdate: string | undefined): number | undefined {
  if (expdate === undefined) {
    return instance.legacy.lifetimeSeconds ?? Infinity;
  }
  const seconds = Number(expdate) - Math.floor(exchange.clock() / 1000);
  return /^\d+$/.test(expdate) && seconds > 0 ? seconds : undefined;
}

/** The legacy login returns ids as numbers, the other APIs as strings. */
function userId({ sub }: SandboxUser): number | null {
  return sub === undefined ? null : Number(sub);
}
