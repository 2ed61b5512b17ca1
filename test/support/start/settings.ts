import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { quietSettings } from '../host/settings';
import type { Sandbox } from '../sandbox/sandbox';

/** Adds the sandbox’s instances to the settings file, unless it already has instances. */
export function writeSettings(file: string, sandbox: Sandbox): void {
  const instances = sandbox.instances.map(({ name, applications: [application] }) => ({
    url: sandbox.url(name),
    name,
    ...(application && { clientId: application.client_id }),
  }));
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ ...quietSettings, 'zeyos.instances': instances }, null, 2)}\n`);
    return;
  }
  const text = readFileSync(file, 'utf8');
  if (!text.includes('"zeyos.instances"')) {
    // Edited as text, because the file may contain comments.
    const rest = text.slice(text.indexOf('{') + 1);
    const comma = rest.trim() === '}' ? '' : ',';
    writeFileSync(
      file,
      `${text.slice(0, text.indexOf('{') + 1)}\n  "zeyos.instances": ${JSON.stringify(instances)}${comma}${rest}`,
    );
  } else if (!text.includes(sandbox.origin)) {
    console.log(`Your settings name other instances than this sandbox’s, and stay unchanged: ${file}`);
  }
}
