import type { Exchange } from './exchange';
import type { SandboxInstance } from './instances';
import type { Context } from './routes';
import type { IssuedToken } from './tokenStore';

/** 401 in the dress this instance wears: JSON, or one line of plain text. */
export function refuse(exchange: Exchange, instance: SandboxInstance, challenge: string, error: string, description: string): void {
  const headers = { 'WWW-Authenticate': challenge };
  if (instance.plainTextErrors) {
    exchange.text(401, `Unauthorized: ${description}`, headers);
  } else {
    exchange.json(401, { error, error_description: description }, headers);
  }
}

/** The token that authenticates this request (RFC 6750); without a live one it is refused here. */
export function requireBearer(exchange: Exchange, { instance, tokens }: Context): IssuedToken | undefined {
  const token = tokens.live(exchange.bearer ?? '', instance.name);
  if (!token) {
    const realm = `Bearer realm="${instance.name}"`;
    // A request without any credentials is told the scheme only (RFC 6750, section 3.1).
    const challenge = exchange.headers.authorization === undefined ? realm : `${realm}, error="invalid_token"`;
    refuse(exchange, instance, challenge, 'invalid_token', 'The access token is missing, expired or revoked');
  }
  return token;
}
