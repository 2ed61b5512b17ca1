import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startHost } from '../host/host';
import { consumer, example, vsix } from '../paths';
import type { Sandbox } from '../sandbox/sandbox';
import { openBrowser } from './openBrowser';
import type { RunningEditor, StartOptions } from './options';
import { keptPassword } from './password';
import { writeSettings } from './settings';

/** Serves a VS Code to the browser, with the packaged extension, the consumer sample and the example. */
export async function startWeb(options: StartOptions, sandbox: Sandbox, folder: string): Promise<RunningEditor> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeSettings(join(folder, 'user/User/settings.json'), sandbox);
  const password = keptPassword(folder);
  console.log('Installing the extension, starting the editor …');
  const host = await startHost({
    data: folder,
    port: options.port,
    password,
    keepSettings: true,
    extensions: [vsix, consumer, example],
    trustedDomains: [sandbox.origin],
    // For a sandbox at 127.0.0.1, whose pages the editor opens through its own port.
    proxy: true,
    say: console.log,
  });
  return {
    introduction: [
      'Editor',
      `  ${host.url()}`,
      `  Password  ${password}`,
      '',
      '  The password, because other users of this machine reach the address as well; a browser asks for it once until it is closed.',
      '  Use one tab: each tab of this editor keeps its own copy of the secrets, unlike windows on the desktop.',
      '  Sessions and settings are kept for the next npm start.',
    ].join('\n'),
    open: () => {
      if (options.open) openBrowser(host.url());
    },
    ended: host.ended.then((code) => `The editor ended by itself with ${code}; its log: ${host.logFile}`),
    stop: () => host.stop(),
  };
}
