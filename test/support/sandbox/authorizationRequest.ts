import { isRegistered } from './applications';
import type { SandboxApplication } from './applications';
import type { SandboxInstance } from './instances';

export interface AuthorizationRequest {
  readonly application: SandboxApplication;
  readonly redirect_uri: string;
  readonly response_mode: 'query' | 'form_post';
  readonly state: string | undefined;
  readonly code_challenge: string | undefined;
}

/**
 * Returns the request, or the problem. The redirect URI is checked first, because nothing may be sent to one that is
 * not registered.
 */
export function parseAuthorizationRequest(
  query: string,
  { applications }: SandboxInstance,
): AuthorizationRequest | string {
  const parameters = new URLSearchParams(query);
  const repeated = [...parameters.keys()].find((name) => parameters.getAll(name).length > 1);
  if (repeated !== undefined) {
    return `The parameter ${repeated} is given more than once`;
  }
  const value = (name: string) => parameters.get(name) || undefined;
  const application = applications.find(({ client_id }) => client_id === value('client_id'));
  if (!application) {
    return 'Unknown client application';
  }
  const redirect_uri = value('redirect_uri');
  if (redirect_uri === undefined || !isRegistered(application, redirect_uri)) {
    return 'The redirect_uri is missing or not registered';
  }
  if (value('response_type') !== 'code') {
    return 'The response_type must be code';
  }
  const response_mode = value('response_mode') ?? 'query';
  if (response_mode !== 'query' && response_mode !== 'form_post') {
    return 'The response_mode must be query or form_post';
  }
  const [code_challenge, method] = [value('code_challenge'), value('code_challenge_method')];
  if ((code_challenge === undefined) !== (method === undefined) || (method !== undefined && method !== 'S256')) {
    return 'A code_challenge needs the code_challenge_method S256';
  }
  // SHA-256 in base64url.
  if (code_challenge !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(code_challenge)) {
    return 'The code_challenge is malformed';
  }
  return { application, redirect_uri, response_mode, state: value('state'), code_challenge };
}
