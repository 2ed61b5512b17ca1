import type { Exchange } from './exchange';
import type { SandboxInstance } from './instances';
import type { Context } from './routes';
import type { IssuedToken } from './tokenStore';

/** Answers 401 as the instance is configured: with JSON or one line of plain text. */
export function refuse(
  exchange: Exchange,
  instance: SandboxInstance,
  challenge: string,
  error: string,
  description: string,
): void {
  const headers = { 'WWW-Authenticate': challenge };
  if (instance.plainTextErrors) {
    exchange.text(401, `Unauthorized: ${description}`, headers);
  } else {
    exchange.json(401, { error, error_description: description }, headers);
  }
}

/** Returns the token that authenticates the request (RFC 6750), or rejects the request. */
export function requireBearer(exchange: Exchange, context: Context): IssuedToken | undefined {
  const token = bearerToken(exchange, context);
  if (!token) {
    refuse(
      exchange,
      context.instance,
      bearerChallenge(exchange, context.instance),
      'invalid_token',
      'The access token is missing, expired or revoked',
    );
  }
  return token;
}

/** The same with a rejection in plain text, for `/userinfo` and the legacy login. */
export function requireBearerInText(exchange: Exchange, context: Context): IssuedToken | undefined {
  const token = bearerToken(exchange, context);
  if (!token) {
    exchange.text(401, 'Unauthorized: Invalid bearer token', {
      'WWW-Authenticate': bearerChallenge(exchange, context.instance),
    });
  }
  return token;
}

function bearerToken(exchange: Exchange, { instance, tokens }: Context): IssuedToken | undefined {
  return tokens.liveAccess(exchange.bearer ?? '', instance.name);
}

function bearerChallenge(exchange: Exchange, instance: SandboxInstance): string {
  const realm = `Bearer realm="${instance.name}"`;
  // A request without credentials gets no error code (RFC 6750, section 3.1).
  return exchange.headers.authorization === undefined ? realm : `${realm}, error="invalid_token"`;
}
