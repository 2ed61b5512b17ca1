import { resolveCliPathFromVSCodeExecutablePath } from '@vscode/test-electron';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from '../cleanUp';
import { environment } from '../environment';
import { asRoot, desktopCommand, desktopExecutable } from '../host/desktop';
import { addExtensions } from '../host/extensions';
import { consumer, example, vsix } from '../paths';
import type { Sandbox } from '../sandbox/sandbox';
import type { RunningEditor, StartOptions } from './options';
import { writeSettings } from './settings';

/** Opens the VS Code that is installed here, with folders of its own: the user's settings and extensions stay out of it. */
export async function startDesktop(_options: StartOptions, sandbox: Sandbox, folder: string): Promise<RunningEditor> {
  const executable = desktopExecutable();
  const command = executable === undefined ? desktopCommand() : resolveCliPathFromVSCodeExecutablePath(executable);
  if (command === undefined)
    throw new Error(
      'No desktop VS Code was found: there is no `code` on the PATH, and VSCODE_EXECUTABLE names none. npm start, without --desktop, needs none.',
    );
  const [user, extensions, workspace] = ['user', 'extensions', 'workspace'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(workspace, { recursive: true, mode: 0o700 });
  writeSettings(join(user, 'User/settings.json'), sandbox);

  const args = ['--user-data-dir', user, '--extensions-dir', extensions, ...asRoot];
  const env = environment();
  console.log(`Installing the extension into ${command} …`);
  await addExtensions(extensions, [vsix, consumer, example], { command, args, env });
  const editor = spawn(command, [...args, '--disable-workspace-trust', '--new-window', '--wait', workspace], {
    env,
    stdio: 'ignore',
  });
  atExit(() => void editor.kill());
  const ended = new Promise<string>((resolve, reject) =>
    editor.once('exit', () => resolve('The editor was closed.')).once('error', reject),
  );
  return {
    introduction:
      'Editor\n  Its window opens. Closing it stops the sandbox as well.\n  Sessions and settings are kept for the next npm start.',
    open: () => undefined,
    ended,
    stop: async () => {
      if (editor.exitCode === null && editor.kill()) await ended;
    },
  };
}
