import type { UserClaims } from './userClaims';

/** One person who can sign in. The name has no ':' because Basic authentication ends the name at the first one. */
export interface SandboxUser {
  readonly name: string;
  readonly password: string;
  /** The user id, as introspection and `/me` tell it; left out there when left out here. */
  readonly sub?: string;
  /** With a code, the password alone is not enough. */
  readonly otp?: string;
  readonly displayName?: string;
  /** Good for signing in, as the name is. */
  readonly email?: string;
  /** What `/userinfo` tells otherwise than by default. */
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

/** Whose credentials these are. The code is looked at last: it tells nothing to somebody with a wrong password. */
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
