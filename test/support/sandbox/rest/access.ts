import { requireBearerInText } from '../challenge';
import type { Exchange } from '../exchange';
import type { Context } from '../routes';
import type { IssuedToken } from '../tokenStore';
import { claimsOf } from '../userClaims';
import { schema } from './schema';
import type { TableName } from './schema';

/** Whether the API takes a token: a legacy one without an application is refused here where the instance says so. */
export function takesToken(exchange: Exchange, { instance }: Context, token: IssuedToken): boolean {
  if (token.api !== 'legacy' || token.client_id !== undefined || !instance.legacy.apiNeedsApplication) return true;
  exchange.text(401, 'Unauthorized: The token belongs to no application', {
    'WWW-Authenticate': `Bearer realm="${instance.name}"`,
  });
  return false;
}

/** The token of a request that may read or change a table; any other request is refused here with 401 or 403. */
export function requireAccess(
  exchange: Exchange,
  context: Context,
  table: TableName,
  access: 'read' | 'write',
): IssuedToken | undefined {
  const token = requireBearerInText(exchange, context);
  if (!token || !takesToken(exchange, context, token)) return undefined;
  const { permission } = schema[table];
  const user = context.instance.users.find(({ name }) => name === token.user);
  const granted =
    user && claimsOf(user).permissions.find((each) => 'identifier' in each && each.identifier === permission);
  if (user && (permission === undefined || (granted && (access === 'read' || granted.writable)))) return token;
  exchange.text(403, 'Forbidden: Lacking access permission');
  return undefined;
}
