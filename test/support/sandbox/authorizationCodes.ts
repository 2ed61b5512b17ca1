import { createHash, randomBytes, randomUUID } from 'node:crypto';

export interface Authorization {
  readonly instance: string;
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly user: string;
  /** PKCE (RFC 7636), always S256. */
  readonly code_challenge?: string;
}

export interface CodeRequest {
  readonly instance: string;
  readonly client_id: string;
  readonly code: string;
  readonly redirect_uri: string | undefined;
  readonly code_verifier: string | undefined;
}

/** The authorization and the grant of its tokens, or the problem and the grant that a replay ends. */
export type Redemption = { authorization: Authorization; grant: string } | { problem: string; replayed?: string };

const lifetimeMs = 60_000;
const verifierPattern = /^[A-Za-z0-9._~-]{43,128}$/;

/** All issued codes. Used codes are remembered, to recognize a replay. */
export class AuthorizationCodes {
  private readonly entries = new Map<
    string,
    { authorization: Authorization; grant: string; expiresAt: number; used: boolean }
  >();

  constructor(private readonly now: () => number) {}

  issue(authorization: Authorization): string {
    const code = randomBytes(20).toString('hex');
    this.entries.set(code, { authorization, grant: randomUUID(), expiresAt: this.now() + lifetimeMs, used: false });
    return code;
  }

  /** Uses the code up, even if the redemption fails: a client may try only one verifier. */
  redeem({ instance, client_id, code, redirect_uri, code_verifier }: CodeRequest): Redemption {
    const entry = this.entries.get(code);
    if (!entry || entry.authorization.instance !== instance || entry.authorization.client_id !== client_id) {
      return { problem: 'Invalid or expired code' };
    }
    const { authorization, grant, expiresAt, used } = entry;
    if (used) {
      return { problem: 'The code was used before', replayed: grant };
    }
    entry.used = true;
    if (this.now() >= expiresAt) {
      return { problem: 'Invalid or expired code' };
    }
    if (redirect_uri !== undefined && redirect_uri !== authorization.redirect_uri) {
      return { problem: 'The redirect_uri is not that of the authorization' };
    }
    if (!verifies(authorization.code_challenge, code_verifier)) {
      return { problem: 'The code_verifier does not match the code_challenge' };
    }
    return { authorization, grant };
  }
}

/**
 * A verifier without a challenge fails too, because an attacker may have removed the challenge (RFC 9700, section
 * 4.8.2).
 */
function verifies(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined || verifier === undefined) {
    return challenge === verifier;
  }
  return verifierPattern.test(verifier) && createHash('sha256').update(verifier).digest('base64url') === challenge;
}
