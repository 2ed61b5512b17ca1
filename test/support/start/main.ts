import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { buildPackage } from '../buildPackage';
import { cache } from '../paths';
import { describeSandbox, Sandbox } from '../sandbox/sandbox';
import { startDesktop } from './desktop';
import { startWeb } from './web';
import type { RunningEditor, StartOptions } from './options';
import { requireFreePort } from './ports';

const usage = `npm start [-- options]
  --desktop           the VS Code that is installed here, instead of one served to a browser; always on Windows
  --no-open           opens no browser
  --port N            the editor's port (8137)
  --sandbox-port N    the sandbox's port (8138)`;

/** Starts a sandbox and an editor with the packaged extension. Resolves to the exit code when both have ended. */
export async function main(args: string[]): Promise<number> {
  const options = parse(args);
  if (!options) {
    console.log(usage);
    return 2;
  }
  // Must come first, because the waits below end only by this signal handler.
  const stopped = new Promise<void>((resolve) =>
    (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).forEach((signal) => process.on(signal, () => resolve())),
  );
  // A served editor would rewrite 127.0.0.1 in URLs. macOS has no other loopback address without configuration.
  const host = process.platform === 'darwin' || options.desktop ? '127.0.0.1' : '127.0.0.2';
  await requireFreePort(options.sandboxPort, '--sandbox-port', host);
  if (!options.desktop) await requireFreePort(options.port, '--port');

  console.log('Packaging the extension (npm run package) …');
  buildPackage();
  const folder = join(cache, options.desktop ? 'start-desktop' : 'start');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const sandbox = await Sandbox.start({
    host,
    port: options.sandboxPort,
    tokensFile: join(folder, 'sandbox-tokens.json'),
  });
  let editor: RunningEditor | undefined;
  try {
    const start = options.desktop ? startDesktop : startWeb;
    const started = start(options, sandbox, folder);
    editor = await Promise.race([started, stopped.then(() => undefined)]);
    // An installation or a start that is running ends with the process.
    if (!editor) process.exit(130);
    console.log(`\n${describeSandbox(sandbox)}\n\n${editor.introduction}\n\nCtrl-C stops everything.`);
    editor.open();
    const reason = await Promise.race([editor.ended, stopped]);
    console.log(`\n${reason ?? 'Stopping …'}`);
    return reason === undefined || options.desktop ? 0 : 1;
  } finally {
    await editor?.stop();
    await sandbox.stop();
  }
}

function parse(args: string[]): StartOptions | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        desktop: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        port: { type: 'string', default: '8137' },
        'sandbox-port': { type: 'string', default: '8138' },
      },
    });
    const [port, sandboxPort] = [values.port, values['sandbox-port']].map(Number) as [number, number];
    if (![port, sandboxPort].every((each) => Number.isInteger(each) && each > 0 && each < 65536))
      throw new Error('A port is a number from 1 to 65535.');
    return { desktop: values.desktop || process.platform === 'win32', open: !values['no-open'], port, sandboxPort };
  } catch (error) {
    console.error(`${(error as Error).message}\n`);
    return undefined;
  }
}
