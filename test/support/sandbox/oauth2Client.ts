import { maxPower, vscodeApplication } from './fixtures';
import type { Sandbox } from './sandbox';

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

type Fields = Readonly<Record<string, string>>;

const {
  client_id,
  client_secret,
  redirect_uris: [redirect_uri],
} = vscodeApplication;

/** The application’s credentials for body and header. */
export const inBody = { client_id, client_secret };
export const inHeader = { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` };

/** The pair of RFC 7636, appendix B. */
export const code_verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const code_challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

export const byPassword = { grant_type: 'password', username: maxPower.name, password: maxPower.password };
export const byRefresh = (refresh_token: string) => ({ grant_type: 'refresh_token', refresh_token });
export const byCode = (code: string, changes: Fields = {}) => ({
  grant_type: 'authorization_code',
  code,
  code_verifier,
  ...changes,
});

/** Sends OAuth 2.0 requests directly, to test the sandbox itself. */
export class OAuth2Client {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly instance = 'demo',
  ) {}

  /** Sends a request with the client in body and header. */
  call(path: string, fields: Fields): Promise<Response> {
    return this.send(path, { ...inBody, ...fields }, inHeader);
  }

  /** Sends a request with the given fields and headers only. */
  send(path: string, fields: Fields, headers: Fields = {}): Promise<Response> {
    return fetch(`${this.url}/oauth2/v1/${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
  }

  async issued(fields: Fields = byPassword): Promise<Tokens> {
    return (await (await this.call('token', fields)).json()) as Tokens;
  }

  /** Logs in as a user would, and resolves to the code of the redirect. */
  async code(changes: Fields = {}): Promise<string> {
    const query = new URLSearchParams({
      client_id,
      redirect_uri,
      response_type: 'code',
      code_challenge,
      code_challenge_method: 'S256',
      ...changes,
    });
    const body = new URLSearchParams({ username: maxPower.name, password: maxPower.password });
    const response = await fetch(`${this.url}/login?${query.toString()}`, { method: 'POST', redirect: 'manual', body });
    return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
  }

  private get url(): string {
    return this.sandbox.url(this.instance);
  }
}

export async function outcome(answer: Promise<Response> | Response): Promise<[number, string | undefined]> {
  const response = await answer;
  return [response.status, ((await response.json()) as { error?: string }).error];
}
