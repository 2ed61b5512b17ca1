import { resolveCliPathFromVSCodeExecutablePath } from '@vscode/test-electron';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { atExit } from '../cleanUp';
import { environment } from '../environment';
import { asRoot, desktopExecutable } from '../host/desktop';
import { codeOnPath, commandOf } from '../host/desktopCommand';
import { addExtensions } from '../host/extensions';
import { consumer, example, vsix } from '../paths';
import type { Sandbox } from '../sandbox/sandbox';
import type { RunningEditor, StartOptions } from './options';
import { writeSettings } from './settings';

/** Opens the installed VS Code with folders of its own, apart from the user’s settings and extensions. */
export async function startDesktop(_options: StartOptions, sandbox: Sandbox, folder: string): Promise<RunningEditor> {
  const executable = desktopExecutable();
  const code = executable === undefined ? codeOnPath() : resolveCliPathFromVSCodeExecutablePath(executable);
  if (code === undefined)
    throw new Error(
      'No desktop VS Code was found: there is no `code` on the PATH, and VSCODE_EXECUTABLE is not set. npm start without --desktop needs none.',
    );
  const [user, extensions, workspace] = ['user', 'extensions', 'workspace'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(workspace, { recursive: true, mode: 0o700 });
  writeSettings(join(user, 'User/settings.json'), sandbox);

  const command = commandOf(code);
  const args = [...command.args, '--user-data-dir', user, '--extensions-dir', extensions, ...asRoot];
  const env = environment(command.env);
  console.log(`Installing the extension into ${code} …`);
  await addExtensions(extensions, [vsix, consumer, example], { command: command.program, args, env });
  const editor = spawn(command.program, [...args, '--disable-workspace-trust', '--new-window', '--wait', workspace], {
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
