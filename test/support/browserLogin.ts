import type { SandboxUser } from './sandbox/sandbox';

/** Opens an authorization URL and logs in as a user would. Resolves to the redirect’s URL. */
export async function logInAt(url: string, { name, password, otp }: SandboxUser): Promise<URL> {
  const page = await fetch(url, { redirect: 'manual' });
  const login = new URL(page.headers.get('location') ?? url, url);
  const body = new URLSearchParams({ username: name, password, ...(otp !== undefined && { otp }) });
  const response = await fetch(login, { method: 'POST', redirect: 'manual', body });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`The login answered ${response.status}: ${await response.text()}`);
  return new URL(location);
}
