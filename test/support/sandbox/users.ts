import type { UserClaims } from './userClaims';

/** A user of an instance. The name has no ':', because Basic authentication ends the name at the first one. */
export interface SandboxUser {
  readonly name: string;
  readonly password: string;
  /** The user id in introspection and `/me`, which omit it if it is missing. */
  readonly sub?: string;
  /** The one-time code, if the password alone is not enough. */
  readonly otp?: string;
  readonly displayName?: string;
  /** Accepted as the user name. */
  readonly email?: string;
  /** Claims in `/userinfo` that differ from the default. */
  readonly claims?: Partial<UserClaims>;
}

export interface Credentials {
  readonly name: string | undefined;
  readonly password: string | undefined;
  readonly otp: string | undefined;
}

export interface Refusal {
  readonly error: 'invalid_grant' | 'otp_required' | 'invalid_otp';
  readonly description: string;
}

/**
 * Returns the user of these credentials, or the reason for a rejection. The one-time code is checked last, because a
 * wrong password must not reveal anything about it.
 */
export function signIn(users: readonly SandboxUser[], { name, password, otp }: Credentials): SandboxUser | Refusal {
  const user = users.find(
    (each) => (each.name === name || (each.email !== undefined && each.email === name)) && each.password === password,
  );
  if (!user) {
    return { error: 'invalid_grant', description: 'Invalid credentials' };
  }
  if (user.otp !== undefined && !otp) {
    return { error: 'otp_required', description: 'One-time password (OTP) required' };
  }
  if (user.otp !== undefined && user.otp !== otp) {
    return { error: 'invalid_otp', description: 'The one-time password (OTP) is wrong' };
  }
  return user;
}

export function isRefusal(outcome: SandboxUser | Refusal): outcome is Refusal {
  return 'error' in outcome;
}
