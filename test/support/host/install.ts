import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { environment } from '../environment';
import { cache, root } from '../paths';
import { rewire } from './sharedSecrets';
import { versions } from './versions';
import type { EditorVersion } from './versions';

export interface InstalledHost {
  readonly version: EditorVersion;
  readonly folder: string;
  /** The Node executable that runs the editor. */
  readonly node: string;
  readonly entry: string;
}

type Say = (line: string) => void;

/** Must be increased with every change of the installation below, so that existing ones are replaced. */
const RECIPE = 2;
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs the editor from the npm registry unless it is installed. No install script runs, and nothing is compiled.
 */
export async function installHost(
  version: EditorVersion,
  say: Say = (line) => console.error(line),
): Promise<InstalledHost> {
  if (process.platform === 'win32')
    throw new Error('The web-served editor runs on Linux and macOS only. Use --desktop on Windows.');
  const recipe = versions[version];
  const folder = join(cache, `code-server-${recipe.codeServer}`);
  const mark = join(folder, 'installed.json');
  const made = JSON.stringify({ recipe: RECIPE, ...recipe });
  const ownNode = process.versions.node.split('.')[0] === recipe.node.split('.')[0];
  const host = {
    version,
    folder,
    node: ownNode ? process.execPath : nodeIn(nodeFolder(recipe.node)),
    entry: join(folder, 'code-server/out/node/entry.js'),
  };
  if (existsSync(host.node) && existsSync(mark) && readFileSync(mark, 'utf8') === made) return host;

  const start = Date.now();
  say(`Installing VS Code ${version} (code-server ${recipe.codeServer}) into ${relative(root, folder)}, once:`);
  if (!existsSync(host.node)) await installNode(recipe.node, say);
  await complete(folder, (temporary) =>
    unpack(version, temporary, say).then(() => writeFileSync(join(temporary, 'installed.json'), made)),
  );
  say(`  installed in ${seconds(start)}`);
  return host;
}

async function unpack(version: EditorVersion, folder: string, say: Say): Promise<void> {
  const { codeServer, watchdog } = versions[version];
  const archive = `code-server-${codeServer}.tgz`;
  const server = join(folder, 'code-server');
  const editor = join(server, 'lib/vscode');
  // Install the published package with its own lock files. As a dependency, npm would ignore them and versions would
  // float.
  await step(
    say,
    'download',
    folder,
    'npm',
    'pack',
    `code-server@${codeServer}`,
    '--ignore-scripts',
    '--loglevel=error',
  );
  await step(say, 'unpack', folder, 'tar', '-xzf', archive);
  rmSync(join(folder, archive));
  renameSync(join(folder, 'package'), server);
  // The lock files lack a peer dependency.
  const exactly = ['ci', '--omit=dev', '--legacy-peer-deps', ...quiet];
  await step(say, 'packages of the server', server, 'npm', ...exactly);
  await step(say, 'packages of the editor', editor, 'npm', ...exactly);

  // What the install script does besides compiling.
  const system = process.platform === 'darwin' ? 'darwin' : 'linux';
  link(`code-${system}.sh`, join(editor, 'bin/remote-cli/code-server'));
  link(`browser-${system}.sh`, join(editor, 'bin/helpers/browser.sh'));
  if (version === '1.100') link('node_modules', join(editor, 'node_modules.asar'));

  const standIns = join(root, 'test/support/host/stand-ins');
  copyFileSync(join(standIns, 'spdlog.js'), join(editor, 'node_modules/@vscode/spdlog/index.js'));
  copyFileSync(join(standIns, 'watchdog.js'), join(editor, 'node_modules', watchdog, 'index.js'));
  // Later releases contain the argon2 binary.
  if (version === '1.100') copyFileSync(join(standIns, 'argon2.js'), join(server, 'node_modules/argon2/argon2.js'));

  const workbench = join(editor, 'out/vs/code/browser/workbench/workbench.js');
  writeFileSync(workbench, rewire(readFileSync(workbench, 'utf8')));
}

const nodePackage = `node-${process.platform}-${process.arch}`;
const nodeFolder = (version: string): string => join(cache, `node-${version}`);
const nodeIn = (folder: string): string => join(folder, 'node_modules', nodePackage, 'bin/node');

async function installNode(version: string, say: Say): Promise<void> {
  await complete(nodeFolder(version), async (folder) => {
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, dependencies: { [nodePackage]: version } }),
    );
    await step(say, `Node ${version}, which runs it`, folder, 'npm', 'install', ...quiet);
  });
}

/** Fills a temporary folder and renames it, so that an incomplete installation never looks complete. */
async function complete(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${folder}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  try {
    await fill(temporary);
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function step(say: Say, what: string, cwd: string, command: string, ...args: string[]): Promise<void> {
  const start = Date.now();
  try {
    await promisify(execFile)(command, args, { cwd, env: environment(), maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${what}: ${command} ${args.join(' ')} failed\n${stdout}${stderr}`, { cause: error });
  }
  say(`  ${what} (${seconds(start)})`);
}

function link(target: string, path: string): void {
  rmSync(path, { force: true, recursive: true });
  symlinkSync(target, path);
}

const seconds = (start: number): string => `${((Date.now() - start) / 1000).toFixed(1)} s`;
