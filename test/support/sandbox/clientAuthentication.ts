import type { SandboxApplication } from './applications';
import type { Exchange } from './exchange';
import { invalidRequest } from './invalidRequest';
import type { SandboxInstance } from './instances';

/** An authenticated call to surface B: the application that makes it, and the fields of its body. */
export interface ClientCall {
  readonly application: SandboxApplication;
  /** Undefined for a field that is empty, as RFC 6749 says. */
  readonly field: (name: string) => string | undefined;
}

/** The application by header or body, and by both where the instance is strict; any other call is refused here. */
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
  // A part of it in the body, a mere client_id say, must agree with the header as well.
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
