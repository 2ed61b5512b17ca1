import type { Exchange } from './exchange';
import { parseFaultCall } from './faultText';
import { applyRules, parseRules } from './rules';
import type { Sandbox } from './sandbox';
import type { IssuedToken } from './tokenStore';

type Body = Readonly<Record<string, unknown>>;
/** The answer's value; undefined for 204. @throws {Error} with a message for the caller. */
type Call = (sandbox: Sandbox, body: Body) => unknown;

const prefix = '/_sandbox/v1/';

/** The control calls, by path and method. They are for tests in other processes: JSON in, JSON out. */
const calls: Readonly<Record<string, Readonly<Record<string, Call>>>> = {
  state: { GET: (sandbox) => describe(sandbox) },
  faults: {
    POST: (sandbox, body) => {
      const { where, fault, times } = parseFaultCall(body);
      sandbox.fault(where, fault, times);
    },
    DELETE: (sandbox) => sandbox.clearFaults(),
  },
  requests: {
    GET: (sandbox) => ({ requests: sandbox.requests.map((request) => withoutSecrets(sandbox, request)) }),
    DELETE: (sandbox) => sandbox.clearRequests(),
  },
  expire: { POST: (sandbox, body) => end(sandbox, body, (token) => sandbox.expire(token)) },
  revoke: { POST: (sandbox, body) => end(sandbox, body, (token) => sandbox.revoke(token)) },
  instances: {
    PATCH: (sandbox, { instance, ...rules }) => {
      if (instance !== undefined && typeof instance !== 'string') throw new Error('"instance" must be a name.');
      const chosen = instance === undefined ? sandbox.instances : [sandbox.instance(instance)];
      const parsed = parseRules(rules);
      for (const each of chosen) applyRules(each, parsed);
    },
  },
};

export function isControlCall({ path }: Exchange): boolean {
  return path.startsWith(prefix);
}

/**
 * Answers a control call. A page of another origin can make none: it cannot send JSON or DELETE without asking first
 * (CORS), which is refused, and the caller has checked that the host is this one.
 */
export function answerControlCall(exchange: Exchange, sandbox: Sandbox): void {
  const name = exchange.path.slice(prefix.length);
  const methods = Object.hasOwn(calls, name) ? calls[name] : undefined;
  const call = methods && Object.hasOwn(methods, exchange.method) ? methods[exchange.method] : undefined;
  if (!methods) {
    exchange.json(404, { error: `There is no control call ${name}. There are ${Object.keys(calls).join(', ')}.` });
    return;
  }
  if (!call) {
    exchange.text(405, 'Method Not Allowed', { Allow: Object.keys(methods).join(', ') });
    return;
  }
  const body = exchange.body === '' && exchange.method !== 'POST' ? {} : exchange.document;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    exchange.json(415, { error: 'The body must be a JSON object, of the type application/json.' });
    return;
  }
  try {
    const value = call(sandbox, body as Body);
    if (value === undefined) exchange.empty(204);
    else exchange.json(200, value);
  } catch (error) {
    exchange.json(400, { error: (error as Error).message });
  }
}

/** Ends the live tokens that the body selects by `instance`, `user` and `kind`, and tells their number. */
function end(sandbox: Sandbox, { instance, user, kind, ...others }: Body, ending: (token: string) => void): unknown {
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`Tokens are selected by instance, user and kind, not by ${other}.`);
  const isWanted = (token: IssuedToken): boolean =>
    token.active &&
    (instance === undefined || token.instance === instance) &&
    (user === undefined || token.user === user) &&
    (kind === undefined || token.kind === kind);
  const ended = sandbox.tokens().filter(isWanted);
  for (const { value } of ended) ending(value);
  return { ended: ended.length };
}

function describe(sandbox: Sandbox): unknown {
  return {
    instances: sandbox.instances.map(({ name, apis, lifetimeSeconds, oauth2, clockSkewSeconds }) => ({
      name,
      url: sandbox.url(name),
      apis: [...apis],
      lifetimeSeconds,
      refreshLifetimeSeconds: oauth2.refreshLifetimeSeconds,
      tokenSets: oauth2.oneTokenSet ? 'one' : 'many',
      clockSkewSeconds,
    })),
    tokens: sandbox.tokens().map(({ instance, user, api, kind, active, expiresAt, revokedAt }) => ({
      instance,
      user,
      api,
      kind,
      state: active ? 'active' : revokedAt === undefined ? 'expired' : 'revoked',
      expiresAt: Number.isFinite(expiresAt) ? new Date(expiresAt).toISOString() : null,
    })),
    faults: sandbox.activeFaults.map(({ where, fault, remaining }) => ({
      where: typeof where === 'string' ? where : where.source,
      fault,
      times: Number.isFinite(remaining) ? remaining : null,
    })),
  };
}

/**
 * A request without its headers and its body, which hold passwords and tokens; with the user whose token it carried.
 */
function withoutSecrets(
  sandbox: Sandbox,
  { method, path, query, instance, status, headers }: Sandbox['requests'][number],
): unknown {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const token = sandbox.tokens().find(({ value }) => value === bearer);
  return {
    method,
    path,
    query,
    instance: instance ?? null,
    status: status ?? null,
    bearer: bearer === undefined ? null : token ? { instance: token.instance, user: token.user } : 'unknown',
  };
}
