import type { Sandbox } from './sandbox';

export function describeSandbox(sandbox: Sandbox): string {
  const lines = ['Sandbox ZeyOS', `  ${sandbox.origin}/  (instances, tokens and faults, for the browser)`];
  const users = sandbox.instances.flatMap((instance) => instance.users);
  const width = (texts: string[]) => Math.max(...texts.map((text) => text.length)) + 2;
  const nameWidth = width(['User', ...users.map(({ name }) => name)]);
  const passwordWidth = width(['Password', ...users.map(({ password }) => password)]);
  for (const instance of sandbox.instances) {
    lines.push('', `  ${sandbox.url(instance.name)}`);
    lines.push(`    ${'User'.padEnd(nameWidth)}${'Password'.padEnd(passwordWidth)}One-time code`);
    for (const { name, password, otp = '-' } of instance.users) {
      lines.push(`    ${name.padEnd(nameWidth)}${password.padEnd(passwordWidth)}${otp}`);
    }
    for (const { client_id, client_secret, redirect_uris } of instance.applications) {
      lines.push(`    Application ${client_id}, secret ${client_secret}, redirect URI ${redirect_uris.join(', ')}`);
    }
  }
  return lines.join('\n');
}
