import type { SandboxApplication } from './applications';
import type { Exchange } from './exchange';
import { invalidRequest } from './invalidRequest';
import type { SandboxInstance } from './instances';

export interface ClientCall {
  readonly application: SandboxApplication;
  /** Returns undefined for an empty field (RFC 6749, section 3.1). */
  readonly field: (name: string) => string | undefined;
}

/**
 * Returns the call if the application authenticates in the header or the body, or in both if the instance is strict.
 * Otherwise rejects the request.
 */
export function requireClient(exchange: Exchange, instance: SandboxInstance): ClientCall | undefined {
  const { basic, fields } = exchange;
  if (!fields) {
    invalidRequest(exchange, 'The body must be a form or a JSON object');
    return undefined;
  }
  const inHeader = basic && { client_id: basic.name, client_secret: basic.password };
  const inBody = { client_id: fields.get('client_id'), client_secret: fields.get('client_secret') };
  const complete = Boolean(inBody.client_id && inBody.client_secret);
  if (instance.strictClientAuthentication && (!inHeader || !complete)) {
    invalidRequest(exchange, 'The client must authenticate in the header and in the body');
    return undefined;
  }
  // Parts in the body, such as a client_id alone, must agree with the header.
  const given = {
    ...inHeader,
    ...(inBody.client_id && { client_id: inBody.client_id }),
    ...(inBody.client_secret && { client_secret: inBody.client_secret }),
  };
  const contradicts =
    inHeader && (given.client_id !== inHeader.client_id || given.client_secret !== inHeader.client_secret);
  const application = instance.applications.find(
    ({ client_id, client_secret }) => client_id === given.client_id && client_secret === given.client_secret,
  );
  if (!application || contradicts) {
    exchange.json(
      401,
      { error: 'invalid_client', error_description: 'Unauthorized: Unknown client application' },
      { 'WWW-Authenticate': `Basic realm="${instance.name}"` },
    );
    return undefined;
  }
  return { application, field: (name) => fields.get(name) || undefined };
}
