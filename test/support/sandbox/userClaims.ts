import type { SandboxUser } from './users';

/** The answer of `/userinfo`: OpenID Connect’s claims, then ZeyOS’s own. */
export interface UserClaims {
  readonly sub: string | undefined;
  readonly name: string;
  readonly preferred_username: string;
  readonly email: string;
  readonly zoneinfo: string;
  readonly locale: 'de-DE' | 'en-US' | 'es-ES';
  /** Unix seconds. */
  readonly updated_at: number;
  /** The user cannot see public data. */
  readonly nopublic: boolean;
  /** The user cannot log in in a browser. */
  readonly apionly: boolean;
  readonly groups: readonly { readonly id: number; readonly name: string; readonly writable: boolean }[];
  readonly permissions: readonly ({ readonly writable: boolean } & (
    { readonly identifier: string } | { readonly fork: number } | { readonly application: number }
  ))[];
}

export function claimsOf(user: SandboxUser): UserClaims {
  return {
    sub: user.sub,
    name: user.displayName ?? user.name,
    preferred_username: user.name,
    email: user.email ?? `user-${user.sub ?? '0'}@example.com`,
    zoneinfo: 'Europe/Berlin',
    locale: 'de-DE',
    updated_at: 872838840,
    nopublic: false,
    apionly: false,
    groups: [{ id: 1, name: 'Operations', writable: true }],
    permissions: [
      { identifier: 'billing', writable: true },
      { identifier: 'accounts', writable: true },
      { identifier: 'contacts', writable: true },
      { identifier: 'projects', writable: true },
      { identifier: 'tickets', writable: true },
      { application: 1, writable: false },
    ],
    ...user.claims,
  };
}
