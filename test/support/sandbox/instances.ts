/** One person who can sign in. The name has no ':' because Basic authentication ends the name at the first one. */
export interface SandboxUser {
  readonly name: string;
  readonly password: string;
  /** The user id, as introspection and `/me` tell it; left out there when left out here. */
  readonly sub?: string;
  /** With a code, the password alone is not enough. */
  readonly otp?: string;
  readonly displayName?: string;
}

/** One instance; what is not `readonly` may be changed while the sandbox runs, and counts from the next request on. */
export interface SandboxInstance {
  readonly name: string;
  readonly users: readonly SandboxUser[];
  /** How long a token lives that is issued from now on. */
  lifetimeSeconds: number;
  /** Which optional members `POST /token` carries. */
  tokenAnswer: { expires_in: boolean; token_type: boolean };
  /** Which optional members an introspection carries; not offered means 404. */
  introspection: { exp: boolean; username: boolean; sub: boolean; offered: boolean };
  /** 401 as text/plain instead of JSON. */
  plainTextErrors: boolean;
  /** How far this instance's clock is ahead: seen in the Date header and in exp and iat. */
  clockSkewSeconds: number;
}

export interface SandboxInstanceOptions {
  readonly name: string;
  readonly users: readonly SandboxUser[];
  readonly lifetimeSeconds?: number;
  readonly tokenAnswer?: Partial<SandboxInstance['tokenAnswer']>;
  readonly introspection?: Partial<SandboxInstance['introspection']>;
  readonly plainTextErrors?: boolean;
  readonly clockSkewSeconds?: number;
}

export function createInstance(options: SandboxInstanceOptions): SandboxInstance {
  for (const { name } of options.users) {
    if (name.includes(':')) {
      throw new Error(`The user name ${name} contains a colon`);
    }
  }
  return {
    name: options.name,
    users: options.users,
    lifetimeSeconds: options.lifetimeSeconds ?? 86400,
    tokenAnswer: { expires_in: true, token_type: true, ...options.tokenAnswer },
    introspection: { exp: true, username: true, sub: true, offered: true, ...options.introspection },
    plainTextErrors: options.plainTextErrors ?? false,
    clockSkewSeconds: options.clockSkewSeconds ?? 0,
  };
}

/** The instance a path leads to, and the rest of the path; a name may have several segments (`zeyos/demo`). */
export function locate(instances: Iterable<SandboxInstance>, path: string): { instance: SandboxInstance; rest: string } | undefined {
  for (const instance of instances) {
    const base = `/${instance.name}`;
    if (path === base || path.startsWith(`${base}/`)) {
      return { instance, rest: path.slice(base.length) || '/' };
    }
  }
  return undefined;
}
