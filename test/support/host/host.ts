import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atExit, temporaryFolder } from '../cleanUp';
import { environment } from '../environment';
import { linkNeededExtensions } from './builtIn';
import { addExtensions } from './extensions';
import { installHost } from './install';
import { listening } from './listening';
import { endGroup, signal } from './processGroup';
import { quietSettings } from './settings';
import type { EditorVersion } from './versions';

export interface HostOptions {
  readonly version?: EditorVersion;
  /** A folder is linked, a .vsix is installed. */
  readonly extensions?: readonly string[];
  /** Extensions of the editor itself that this one lacks, as if its user had disabled them. */
  readonly disabledBuiltIn?: readonly string[];
  /** User settings in addition to {@link quietSettings}. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly keepSettings?: boolean;
  /** A folder to keep. The default is a temporary folder that `stop` removes. */
  readonly data?: string;
  /** Browser storage belongs to the origin, so storage that outlives the host needs the same port. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Modules that Node loads first in each process of the editor, the extension host included. */
  readonly preloads?: readonly string[];
  /** For test suites: lets a page name the extension under test, and hides notifications. */
  readonly smoke?: boolean;
  /** Makes pages on other local ports available through the editor’s port. */
  readonly proxy?: boolean;
  /** Without a password, every local user can open the editor. */
  readonly password?: string;
  /** URLs that `openExternal` opens without asking. */
  readonly trustedDomains?: readonly string[];
  readonly say?: (line: string) => void;
}

export interface Host {
  readonly version: EditorVersion;
  readonly port: number;
  readonly origin: string;
  readonly data: string;
  readonly workspace: string;
  readonly settingsFile: string;
  readonly logFile: string;
  readonly ended: Promise<number | null>;
  /** The URL of a window. `payload` corresponds to command-line arguments of the desktop. */
  url(payload?: readonly (readonly [string, string])[]): string;
  workspaceUrl(file: string): string;
  /** The workbench’s form of a local path. */
  remote(path: string): string;
  stop(): Promise<void>;
}

/** Starts an editor that is served on loopback. Resolves when it listens. */
export async function startHost(options: HostOptions = {}): Promise<Host> {
  const { version = '1.139', port = 0, proxy = false, smoke = false, password, trustedDomains = [] } = options;
  const installed = await installHost(version, options.say);
  const temporary = options.data === undefined ? temporaryFolder('host') : undefined;
  const data = options.data ?? temporary?.path ?? '';
  const [user, extensions, workspace, home, tmp] = ['user', 'extensions', 'workspace', 'home', 'tmp'].map((name) =>
    join(data, name),
  ) as [string, string, string, string, string];
  for (const folder of [join(user, 'User'), extensions, workspace, home, tmp])
    mkdirSync(folder, { recursive: true, mode: 0o700 });

  const settingsFile = join(user, 'User/settings.json');
  if (!options.keepSettings || !existsSync(settingsFile))
    writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...options.settings }, null, 2));
  const config = join(data, 'code-server.yaml');
  writeFileSync(
    config,
    password === undefined ? 'auth: none\n' : `auth: password\npassword: ${JSON.stringify(password)}\n`,
    { mode: 0o600 },
  );

  // Separate home and temporary folders keep all files inside `data`.
  const env = environment({ HOME: home, TMPDIR: tmp, XDG_RUNTIME_DIR: tmp, VSCODE_CLI: '1', ...options.env });
  const folders = [installed.entry, '--config', config, '--user-data-dir', user, '--extensions-dir', extensions];
  await addExtensions(extensions, options.extensions ?? [], { command: installed.node, args: folders, env });

  const current = version === '1.139';
  const server = spawn(
    installed.node,
    [
      ...(options.preloads ?? []).flatMap((module) => ['--require', module]),
      ...folders,
      '--bind-addr',
      `127.0.0.1:${port}`,
      ...(temporary
        ? ['--builtin-extensions-dir', linkNeededExtensions(join(data, 'built-in'), installed, options.disabledBuiltIn)]
        : []),
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-workspace-trust',
      '--disable-getting-started-override',
      ...(proxy ? [] : ['--disable-proxy']),
      ...(password === undefined ? [] : ['--welcome-text', 'The password is in the terminal.']),
      ...(smoke && current ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
      // Ends the editor after the process that started it was killed.
      ...(temporary && current ? ['--idle-timeout-seconds', '600'] : []),
      ...trustedDomains.flatMap((domain) => ['--link-protection-trusted-domains', domain]),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const { pid } = server;
  const callOff = atExit(() => {
    if (pid !== undefined) signal(-pid, temporary ? 'SIGKILL' : 'SIGTERM');
  });
  const logFile = join(data, 'server.log');
  const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
  const bound = await listening(server, logFile).catch(async (error: unknown) => {
    if (pid !== undefined) await endGroup(pid);
    callOff();
    temporary?.remove();
    throw error;
  });

  const origin = `http://127.0.0.1:${bound}`;
  return {
    version,
    port: bound,
    origin,
    data,
    workspace,
    settingsFile,
    logFile,
    ended,
    url(payload) {
      const url = new URL(`${origin}/`);
      url.searchParams.set('folder', workspace);
      if (payload) url.searchParams.set('payload', JSON.stringify(payload));
      return url.href;
    },
    workspaceUrl(file) {
      const url = new URL(`${origin}/`);
      url.searchParams.set('workspace', file);
      return url.href;
    },
    remote: (path) => `vscode-remote://127.0.0.1:${bound}${path}`,
    async stop() {
      if (pid !== undefined) await endGroup(pid);
      callOff();
      temporary?.remove();
    },
  };
}
