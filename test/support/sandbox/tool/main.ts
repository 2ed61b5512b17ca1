import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { applyRules } from '../rules';
import { describeSandbox, Sandbox } from '../sandbox';
import { readInstances } from './instancesOption';
import { parseOptions, usage } from './options';
import type { ToolOptions } from './options';

/** The command `zeyos-sandbox`: serves until a signal ends it; resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // First of all: a signal that comes before the sandbox listens must end it too.
  const stopped = new Promise<void>((end) =>
    (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).forEach((signal) => process.once(signal, () => end())),
  );
  let options: ToolOptions | undefined;
  let sandbox: Sandbox;
  try {
    options = parseOptions(args);
    if (!options) {
      console.log(usage);
      return 0;
    }
    sandbox = await start(options);
  } catch (error) {
    console.error(explain(error, options));
    return options ? 1 : 2;
  }
  const certificate = sandbox.ca === undefined ? undefined : keepCertificate(sandbox.ca, options.caFile);
  try {
    console.log(
      options.json ? JSON.stringify(report(sandbox, certificate?.file)) : describe(sandbox, certificate?.file),
    );
    if (options.endsWithStdin) process.stdin.resume();
    await Promise.race([stopped, ...(options.endsWithStdin ? [once(process.stdin, 'end')] : [])]);
    return 0;
  } finally {
    await sandbox.stop();
    certificate?.remove();
  }
}

async function start({ rules, faults, instances, port, host, tls, tokensFile }: ToolOptions): Promise<Sandbox> {
  const sandbox = await Sandbox.start({
    port,
    host,
    tls,
    instances: readInstances(instances),
    ...(tokensFile !== undefined && { tokensFile }),
  });
  for (const instance of sandbox.instances) applyRules(instance, rules);
  for (const { where, fault, times } of faults) sandbox.fault(where, fault, times);
  return sandbox;
}

function explain(error: unknown, options: ToolOptions | undefined): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE' && options) return `Port ${options.port} is taken. Choose another --port, or leave it out.`;
  return options ? message : `${message}\n\nzeyos-sandbox --help lists the options.`;
}

/** Writes the certificate to a file for clients. `remove` deletes the file unless the user named it. */
function keepCertificate(certificate: string, named: string | undefined): { file: string; remove: () => void } {
  const file = named === undefined ? join(mkdtempSync(join(tmpdir(), 'zeyos-sandbox-')), 'ca.pem') : resolve(named);
  writeFileSync(file, certificate);
  return { file, remove: () => (named === undefined ? rmSync(dirname(file), { recursive: true }) : undefined) };
}

function settings(sandbox: Sandbox, caFile: string | undefined): readonly Readonly<Record<string, string>>[] {
  return sandbox.instances.map(({ name, applications: [application] }) => ({
    url: sandbox.url(name),
    ...(application && { clientId: application.client_id }),
    ...(caFile !== undefined && { caFile }),
  }));
}

function report(sandbox: Sandbox, caFile: string | undefined): unknown {
  return {
    origin: sandbox.origin,
    instances: Object.fromEntries(sandbox.instances.map(({ name }) => [name, sandbox.url(name)])),
    ...(caFile !== undefined && { caFile }),
    settings: { 'zeyos.instances': settings(sandbox, caFile) },
  };
}

function describe(sandbox: Sandbox, caFile: string | undefined): string {
  return [
    describeSandbox(sandbox),
    ...(caFile === undefined ? [] : ['', `Certificate to trust: ${caFile}`]),
    '',
    'For the settings of the editor:',
    `  "zeyos.instances": ${JSON.stringify(settings(sandbox, caFile))}`,
    '',
    'Ctrl-C stops it.',
  ].join('\n');
}
