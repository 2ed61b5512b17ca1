import { maxPower } from './sandbox/fixtures';
import type { Sandbox, SandboxUser } from './sandbox/sandbox';

export function basic({ name, password }: SandboxUser): string {
  return `Basic ${Buffer.from(`${name}:${password}`, 'utf8').toString('base64')}`;
}

/** Sends requests directly, to test the sandbox itself. */
export class SandboxClient {
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  token(user: SandboxUser, instance = 'demo', form: Record<string, string> = {}): Promise<Response> {
    const body = Object.keys(form).length > 0 && { body: new URLSearchParams(form) };
    return fetch(`${this.#sandbox.url(instance)}/auth/v1/token`, {
      method: 'POST',
      headers: { authorization: basic(user) },
      ...body,
    });
  }

  async issued(user: SandboxUser = maxPower, instance = 'demo'): Promise<string> {
    const { access_token } = (await (await this.token(user, instance)).json()) as { access_token: string };
    return access_token;
  }

  ask(call: 'introspect' | 'revoke', bearer: string, value = bearer, instance = 'demo'): Promise<Response> {
    const url = `${this.#sandbox.url(instance)}/auth/v1/token/${call}`;
    return fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}` },
      body: new URLSearchParams({ token: value }),
    });
  }

  me(bearer: string, instance = 'demo'): Promise<Response> {
    return fetch(`${this.#sandbox.url(instance)}/api/v1/me`, { headers: { authorization: `Bearer ${bearer}` } });
  }
}
