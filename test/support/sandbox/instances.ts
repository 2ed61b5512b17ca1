import { checkApplication } from './applications';
import type { SandboxApplication } from './applications';
import { Records } from './rest/records';
import type { SampleRecords } from './rest/records';
import type { SandboxUser } from './users';

/** A, B and C: the ways to authenticate that an instance may offer. */
export type SurfaceName = 'authV1' | 'oauth2' | 'legacy';

/** How surface B treats the token sets (an access and a refresh token each) that one application gets for one user. */
export interface TokenSetRules {
  /** Each grant, of whichever type, ends all tokens of the grants before: ZeyOS's database has `UNIQUE (user, application, type)`. */
  oneTokenSet: boolean;
  /** Revoking a refresh token that has ended ends the set that replaced it, as servers do that take a token from the past for stolen. */
  revokesReplacement: boolean;
  /** Whether an introspection knows refresh tokens; otherwise it calls each of them inactive. */
  introspectsRefreshTokens: boolean;
}

/** One instance; what is not `readonly` may be changed while the sandbox runs, and counts from the next request on. */
export interface SandboxInstance {
  readonly name: string;
  users: readonly SandboxUser[];
  applications: readonly SandboxApplication[];
  /** What is not offered is a 404; its tokens stay what they are. */
  surfaces: Set<SurfaceName>;
  /** How long a token of surface A lives that is issued from now on. */
  lifetimeSeconds: number;
  /** Which optional members surface A's `POST /token` carries. */
  tokenAnswer: { expires_in: boolean; token_type: boolean };
  /** Which optional members an introspection on surface A carries; not offered means 404. */
  introspection: { exp: boolean; username: boolean; sub: boolean; offered: boolean };
  /** Surface B. `invalid_grant` is 403 on ZeyOS, and 400 in RFC 6749. */
  oauth2: {
    accessLifetimeSeconds: number;
    refreshLifetimeSeconds: number;
    invalidGrantStatus: 400 | 403;
  } & TokenSetRules;
  /** Surface B takes a client only when header and body both name it, as a validator of the published schema would. */
  strictClientAuthentication: boolean;
  /**
   * Surface C. A lifetime of null means for ever, for a login that asks for no expiry itself. `apiNeedsApplication`: the REST API refuses
   * tokens whose `application` is null.
   */
  legacy: { lifetimeSeconds: number | null; apiNeedsApplication: boolean };
  /** 401 as text/plain instead of JSON, on surface A and at `/me`; the other surfaces have one way each. */
  plainTextErrors: boolean;
  /** What the REST API serves beside the users. */
  readonly records: Records;
  /** How far this instance's clock is ahead: seen in the Date header and in every Unix time it tells. */
  clockSkewSeconds: number;
}

export interface SandboxInstanceOptions {
  readonly name: string;
  readonly users: readonly SandboxUser[];
  readonly applications?: readonly SandboxApplication[];
  /** Surface A unless told. */
  readonly surfaces?: readonly SurfaceName[];
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
    surfaces: new Set(options.surfaces ?? ['authV1']),
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

/** A time as this instance's clock tells it in Unix seconds; undefined for never. */
export function unixSeconds({ clockSkewSeconds }: SandboxInstance, time: number): number | undefined {
  return Number.isFinite(time) ? Math.floor(time / 1000) + clockSkewSeconds : undefined;
}

/** The instance a path leads to, and the rest of the path; a name may have several segments (`zeyos/demo`). */
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
