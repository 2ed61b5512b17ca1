import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join, sep } from 'node:path';
import type * as Npm from '../../npm.mjs';
import { FileLease } from '../../../src/base/fileLease';
import { temporaryFolder } from '../../support/cleanUp';
import { codeOnPath, commandOf, onPath, type Machine } from '../../support/host/desktopCommand';
import { uriPath } from '../../support/host/extensions';
import { MemoryLog } from '../../support/memoryLog';
import { root } from '../../support/paths';
import { repositoryModule } from '../../support/repositoryModule';
import { usualStages } from '../../support/run/stages';
import { Clock } from '../../support/clock';

/** The files of the repository, without what is installed or built, with slashes. */
const files = readdirSync(root)
  .filter((name) => !['.git', '.vscode-test', 'dist', 'node_modules', 'out'].includes(name) && !name.endsWith('.vsix'))
  .flatMap((name) =>
    statSync(join(root, name)).isDirectory()
      ? readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) => `${name}/${file}`)
      : [name],
  )
  .map((file) => file.split(sep).join('/'))
  .filter((file) => statSync(join(root, file)).isFile());

/** A Windows machine that has these files. */
function windows(files: Readonly<Record<string, string>>, env: Machine['env'] = {}): Machine {
  return {
    platform: 'win32',
    env,
    exists: (path) => path in files,
    read: (path) => files[path] ?? assert.fail(`${path} was read`),
  };
}

const CODE = 'C:\\Program Files\\Microsoft VS Code\\bin\\code.cmd';
const cmd = (program: string, script: string): string =>
  `@echo off\r\nsetlocal\r\nset VSCODE_DEV=\r\nset ELECTRON_RUN_AS_NODE=1\r\n"%~dp0${program}" "%~dp0${script}" %*\r\nendlocal\r\n`;

describe('On Windows, npm', () => {
  const node = 'C:\\Program Files\\nodejs\\node.exe';
  const beside = 'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js';
  let npmCommand: typeof Npm.npmCommand;

  before(async () => {
    ({ npmCommand } = await repositoryModule<typeof Npm>('test/npm.mjs'));
  });

  it('is started as a Node program that npm itself names', () => {
    const own = 'C:\\Users\\max\\AppData\\Roaming\\npm\\node_modules\\npm\\bin\\npm-cli.js';
    const machine = { platform: 'win32', execPath: node, env: { npm_execpath: own } };
    assert.deepEqual(
      npmCommand(machine, (path) => path === own || path === beside),
      [node, own],
    );
  });

  it('is found beside node.exe if another package manager runs', () => {
    const machine = { platform: 'win32', execPath: node, env: { npm_execpath: 'C:\\yarn\\yarn.js' } };
    assert.deepEqual(
      npmCommand(machine, () => true),
      [node, beside],
    );
  });

  it('is named as missing in the error if it is not found, and is not looked for in a shell', () => {
    assert.throws(() => npmCommand({ platform: 'win32', execPath: node, env: {} }, () => false), /Start this with npm/);
  });

  it('differs from other systems, where npm is found below lib, or else by the PATH', () => {
    const machine = { platform: 'linux', execPath: '/usr/local/bin/node', env: {} };
    const below = '/usr/local/lib/node_modules/npm/bin/npm-cli.js';
    assert.deepEqual(
      npmCommand(machine, (path) => path === below),
      ['/usr/local/bin/node', below],
    );
    assert.deepEqual(
      npmCommand(machine, () => false),
      ['npm'],
    );
  });
});

describe('On Windows, the desktop editor', () => {
  it('is found on the PATH, whose name is spelled "Path" there', () => {
    const machine = windows({ [CODE]: '' }, { Path: 'C:\\Windows;;C:\\Program Files\\Microsoft VS Code\\bin' });
    assert.equal(codeOnPath(machine), CODE);
    assert.equal(onPath('xvfb-run', machine), undefined);
  });

  for (const [what, program, script, expected] of [
    [
      'beside its program',
      '..\\Code.exe',
      '..\\resources\\app\\out\\cli.js',
      'C:\\Program Files\\Microsoft VS Code\\resources\\app\\out\\cli.js',
    ],
    [
      'in a folder of its version',
      '..\\Code.exe',
      '..\\1a2b3c\\resources\\app\\out\\cli.js',
      'C:\\Program Files\\Microsoft VS Code\\1a2b3c\\resources\\app\\out\\cli.js',
    ],
  ] as const) {
    it(`is started without a shell, by the program and the script ${what} that code.cmd names`, () => {
      assert.deepEqual(commandOf(CODE, windows({ [CODE]: cmd(program, script) })), {
        program: 'C:\\Program Files\\Microsoft VS Code\\Code.exe',
        args: [expected],
        env: { ELECTRON_RUN_AS_NODE: '1' },
      });
    });
  }

  it('is refused if its command is that of another program', () => {
    assert.throws(() => commandOf(CODE, windows({ [CODE]: '@echo off\r\n' })), /not the command of a VS Code/);
  });

  it('differs from other systems, where it is started by its own script', () => {
    const linux = { ...windows({}), platform: 'linux' };
    assert.deepEqual(commandOf('/usr/bin/code', linux), { program: '/usr/bin/code', args: [], env: {} });
  });

  it('finds a linked extension by a path with slashes and a small drive letter', () => {
    assert.equal(uriPath('C:\\Users\\max\\extensions\\a.b-1'), '/c:/Users/max/extensions/a.b-1');
    assert.equal(uriPath('/home/max/a\\b'), '/home/max/a\\b');
  });
});

describe('On Windows, npm test', () => {
  it('runs the stages that do not need the web-served editor', () => {
    assert.deepEqual(usualStages('win32'), ['check', 'unit', 'fuzz', 'stress', 'package']);
    assert.deepEqual(
      usualStages('linux').filter((stage) => !usualStages('win32').includes(stage)),
      ['host', 'e2e'],
    );
  });

  it('starts no program through a shell', () => {
    const programs = files.filter((file) => /^(test|\.ci)\/.*\.(ts|m?js)$|^[^/]+\.m?js$/.test(file));
    assert.ok(programs.length > 100);
    // This file, the tests of the terminal, which is a shell, and the test that runs `npx` as a user types it.
    const usesShells = [
      'test/unit/repository/windows.test.ts',
      'test/host/support/terminals.ts',
      'test/unit/support/sandboxTool.test.ts',
    ];
    const start = /\bshell\s*:|\bexec(Sync)?\(\s*['"`]/;
    assert.deepEqual(
      programs.filter((file) => !usesShells.includes(file) && start.test(readFileSync(join(root, file), 'utf8'))),
      [],
    );
  });
});

describe('On Windows, line ends', () => {
  it('stay LF in the working copy, and binary files stay as they are', () => {
    const lines = readFileSync(join(root, '.gitattributes'), 'utf8').split('\n');
    assert.ok(lines.includes('* text=auto eol=lf'));
    const binary = files.flatMap((file) => /\.(png|webp|woff)$/.exec(file)?.[1] ?? []);
    assert.deepEqual([...new Set(binary)].sort(), ['png', 'webp', 'woff']);
    for (const extension of new Set(binary)) assert.ok(lines.includes(`*.${extension} binary`), extension);
  });

  it('are LF in every text file of the repository, except for batch files, which cmd.exe reads', () => {
    const texts = files.filter((file) => !/\.(png|webp|woff|cmd)$/.test(file));
    assert.deepEqual(
      texts.filter((file) => readFileSync(join(root, file)).includes('\r\n')),
      [],
    );
  });
});

describe('On Windows, a lease', () => {
  const { rm, utimes } = fs;
  afterEach(() => Object.assign(fs, { rm, utimes }));

  for (const code of ['EPERM', 'EBUSY']) {
    it(`runs its work although another program has its files open, so that the system refuses (${code}) to touch or remove them`, async () => {
      const folder = temporaryFolder('windows');
      const log = new MemoryLog();
      const lease = new FileLease(folder.path, 'accounts', {
        clock: new Clock(),
        log,
        bounds: { waitMs: 20, staleMs: 30_000 },
      });
      await lease.hold(() => Promise.resolve());
      const refuse = (): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
      Object.assign(fs, { rm: refuse, utimes: refuse });
      assert.equal(await lease.hold((hold) => hold.confirm().then(() => 'done')), 'done');
      // Its release could not be written either: until the heartbeat is stale, the next holder takes it for alive.
      await assert.rejects(
        lease.hold(() => assert.fail('the first holder may be alive')),
        { name: 'LeaseError', reason: 'timeout' },
      );
      assert.deepEqual(log.lines, []);
      folder.remove();
    });
  }
});
