import { checkApplication } from './applications';
import type { SandboxApplication } from './applications';
import { Records } from './rest/records';
import type { SampleRecords } from './rest/records';
import type { SandboxUser } from './users';

/** The APIs that an instance may offer. */
export type ApiName = 'authV1' | 'oauth2' | 'legacy';

/** How OAuth 2.0 treats the token sets (access and refresh token) of one application and user. */
export interface TokenSetRules {
  /** Whether each grant ends all tokens of earlier grants. ZeyOS’s database has `UNIQUE (user, application, type)`. */
  oneTokenSet: boolean;
  /**
   * Whether revoking an ended refresh token ends the set that replaced it. Such servers assume that a token of the past
   * is stolen.
   */
  revokesReplacement: boolean;
  /** Whether introspection reports refresh tokens as active. */
  introspectsRefreshTokens: boolean;
}

/**
 * An instance. Members that are not `readonly` may be changed while the sandbox runs, and apply to the next request.
 */
export interface SandboxInstance {
  readonly name: string;
  users: readonly SandboxUser[];
  applications: readonly SandboxApplication[];
  /** An API that is not offered answers 404. Its tokens stay valid. */
  apis: Set<ApiName>;
  /** Lifetime of tokens that the Auth API v1 issues from now on. */
  lifetimeSeconds: number;
  /** Optional members of the answer to Auth API v1’s `POST /token`. */
  tokenAnswer: { expires_in: boolean; token_type: boolean };
  /** Optional members of Auth API v1’s introspection. It answers 404 if it is not offered. */
  introspection: { exp: boolean; username: boolean; sub: boolean; offered: boolean };
  /** OAuth 2.0. `invalid_grant` has status 403 on ZeyOS, and 400 in RFC 6749. */
  oauth2: {
    accessLifetimeSeconds: number;
    refreshLifetimeSeconds: number;
    invalidGrantStatus: 400 | 403;
  } & TokenSetRules;
  /**
   * Whether OAuth 2.0 accepts a client only if header and body both name it, as a validator of the published schema
   * would.
   */
  strictClientAuthentication: boolean;
  /**
   * The legacy login. A lifetime of null means without end, for a login that requests no end. `apiNeedsApplication`:
   * the REST API rejects tokens whose `application` is null.
   */
  legacy: { lifetimeSeconds: number | null; apiNeedsApplication: boolean };
  /** Whether Auth API v1 and `/me` answer 401 as text/plain instead of JSON. The other APIs have one form each. */
  plainTextErrors: boolean;
  /** What the REST API serves beside the users. */
  readonly records: Records;
  /** Seconds by which the clock is ahead, in the Date header and every Unix time. */
  clockSkewSeconds: number;
}

export interface SandboxInstanceOptions {
  readonly name: string;
  readonly users: readonly SandboxUser[];
  readonly applications?: readonly SandboxApplication[];
  /** The default is Auth API v1. */
  readonly apis?: readonly ApiName[];
  readonly lifetimeSeconds?: number;
  readonly tokenAnswer?: Partial<SandboxInstance['tokenAnswer']>;
  readonly introspection?: Partial<SandboxInstance['introspection']>;
  readonly oauth2?: Partial<SandboxInstance['oauth2']>;
  readonly strictClientAuthentication?: boolean;
  readonly legacy?: Partial<SandboxInstance['legacy']>;
  readonly plainTextErrors?: boolean;
  readonly records?: SampleRecords;
  readonly clockSkewSeconds?: number;
}

const day = 86400;

export function createInstance(options: SandboxInstanceOptions): SandboxInstance {
  for (const { name } of options.users) {
    if (name.includes(':')) {
      throw new Error(`The user name ${name} contains a colon`);
    }
  }
  options.applications?.forEach(checkApplication);
  return {
    name: options.name,
    users: options.users,
    applications: options.applications ?? [],
    apis: new Set(options.apis ?? ['authV1']),
    lifetimeSeconds: options.lifetimeSeconds ?? day,
    tokenAnswer: { expires_in: true, token_type: true, ...options.tokenAnswer },
    introspection: { exp: true, username: true, sub: true, offered: true, ...options.introspection },
    oauth2: {
      accessLifetimeSeconds: 3600,
      refreshLifetimeSeconds: 100 * day,
      invalidGrantStatus: 403,
      oneTokenSet: false,
      revokesReplacement: false,
      introspectsRefreshTokens: true,
      ...options.oauth2,
    },
    strictClientAuthentication: options.strictClientAuthentication ?? false,
    legacy: { lifetimeSeconds: 100 * day, apiNeedsApplication: false, ...options.legacy },
    plainTextErrors: options.plainTextErrors ?? false,
    records: new Records(options.records),
    clockSkewSeconds: options.clockSkewSeconds ?? 0,
  };
}

/** Converts a time to Unix seconds of the instance’s clock, or `undefined` for never. */
export function unixSeconds({ clockSkewSeconds }: SandboxInstance, time: number): number | undefined {
  return Number.isFinite(time) ? Math.floor(time / 1000) + clockSkewSeconds : undefined;
}

/** Returns the instance of a path and the rest of the path. A name may have several segments (`zeyos/demo`). */
export function locate(
  instances: Iterable<SandboxInstance>,
  path: string,
): { instance: SandboxInstance; rest: string } | undefined {
  for (const instance of instances) {
    const base = `/${instance.name}`;
    if (path === base || path.startsWith(`${base}/`)) {
      return { instance, rest: path.slice(base.length) || '/' };
    }
  }
  return undefined;
}
