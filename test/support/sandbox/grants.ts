import type { ClientCall } from './clientAuthentication';
import type { Context } from './routes';
import { isRefusal, signIn } from './users';

export type GrantType = 'authorization_code' | 'refresh_token' | 'password';

/** The user and the grant of the new tokens, or the problem. */
export type Granted = { user: string; grant?: string; from?: string } | { problem: string };

/** Redeems a grant. Returns undefined if a required field is missing. */
export const grants: Readonly<Record<GrantType, (call: ClientCall, context: Context) => Granted | undefined>> = {
  /** A code is valid once. A replay ends the tokens of the first use (RFC 6749, section 4.1.2). */
  authorization_code: ({ application: { client_id }, field }, { instance, codes, tokens }) => {
    const code = field('code');
    if (code === undefined) {
      return undefined;
    }
    const redemption = codes.redeem({
      instance: instance.name,
      client_id,
      code,
      redirect_uri: field('redirect_uri'),
      code_verifier: field('code_verifier'),
    });
    if ('authorization' in redemption) {
      return { user: redemption.authorization.user, grant: redemption.grant };
    }
    if (redemption.replayed !== undefined) {
      tokens.revokeGrant(redemption.replayed);
    }
    return { problem: redemption.problem };
  },

  /** A refresh token is valid once, and its use ends its access token. */
  refresh_token: ({ application: { client_id }, field }, { instance, tokens }) => {
    const value = field('refresh_token');
    if (value === undefined) {
      return undefined;
    }
    const token = tokens.live(value, instance.name);
    if (token?.kind !== 'refresh' || token.client_id !== client_id) {
      return { problem: 'Invalid or expired refresh_token' };
    }
    tokens.revokeGrant(token.grant);
    return { user: token.user, grant: token.grant, from: value };
  },

  password: ({ field }, { instance }) => {
    const [name, password, otp] = [field('username'), field('password'), field('otp')];
    if (name === undefined || password === undefined) {
      return undefined;
    }
    const user = signIn(instance.users, { name, password, otp });
    return isRefusal(user) ? { problem: user.description } : { user: user.name };
  },
};

export function isGrantType(text: string): text is GrantType {
  return Object.hasOwn(grants, text);
}
