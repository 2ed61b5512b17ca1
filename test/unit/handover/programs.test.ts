import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, pathVariable } from '../../../src/handover/programs';
import { temporaryFolder } from '../../support/cleanUp';

describe('The program that a ZeyOS terminal finds on the search path', function () {
  if (process.platform === 'win32') return;
  let folder: ReturnType<typeof temporaryFolder>;

  beforeEach(() => (folder = temporaryFolder('programs')));
  afterEach(() => folder.remove());

  function at(...parts: readonly string[]): string {
    return join(folder.path, ...parts);
  }

  function file(path: string, mode = 0o755): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, mode);
    return path;
  }

  function find(entries: readonly string[], outside: readonly string[] = [at('workspace')]) {
    return findProgram('zeyos', { environment: { PATH: entries.join(':') }, outside });
  }

  it('is the first match in the order of the path', async () => {
    const first = file(at('first/zeyos'));
    file(at('second/zeyos'));
    assert.equal(await find([at('missing'), at('first'), at('second')]), first);
  });

  it('is undefined if no folder of the path has a match', async () => {
    assert.equal(await find([at('missing'), '']), undefined);
    assert.equal(await findProgram('zeyos', { environment: {}, outside: [] }), undefined);
  });

  it('is neither a folder nor a file that is not executable', async () => {
    mkdirSync(at('first/zeyos'), { recursive: true });
    file(at('second/zeyos'), 0o644);
    const third = file(at('third/zeyos'));
    assert.equal(await find([at('first'), at('second'), at('third')]), third);
  });

  it('is not in the workspace, even if a tool has put a folder of the workspace on the path', async () => {
    file(at('workspace/node_modules/.bin/zeyos'));
    const installed = file(at('installed/zeyos'));
    assert.equal(await find([at('workspace/node_modules/.bin'), at('installed')]), installed);
    assert.equal(await find([at('workspace/node_modules/.bin')]), undefined);
  });

  it('is not in a folder that the path names by a relative entry', async () => {
    file(at('workspace/zeyos'));
    const before = process.cwd();
    process.chdir(at('workspace'));
    try {
      assert.equal(await find(['.', '', './', '../workspace'], []), undefined);
    } finally {
      process.chdir(before);
    }
  });

  it('is neither a link into the workspace nor a link in the workspace', async () => {
    file(at('workspace/evil'));
    mkdirSync(at('links'));
    symlinkSync(at('workspace/evil'), at('links/zeyos'));
    mkdirSync(at('workspace/bin'));
    symlinkSync(file(at('installed/zeyos')), at('workspace/bin/zeyos'));
    symlinkSync(at('workspace/bin'), at('linked-folder'));
    assert.equal(await find([at('links'), at('workspace/bin'), at('linked-folder')]), undefined);
  });

  it('is not in a workspace that is opened through a link', async () => {
    file(at('workspace/zeyos'));
    symlinkSync(at('workspace'), at('linked'));
    assert.equal(await find([at('workspace')], [at('linked')]), undefined);
  });

  it('may be in a folder whose name only begins like that of the workspace', async () => {
    const installed = file(at('workspace-tools/zeyos'));
    assert.equal(await find([at('workspace-tools')]), installed);
  });

  it('has one of the endings in PATHEXT on Windows', async () => {
    const installed = file(at('installed/zeyos.cmd'));
    const environment = { Path: at('installed'), PATHEXT: '.COM;.EXE;.CMD' };
    assert.equal(await findProgram('zeyos', { environment, outside: [], platform: 'win32' }), installed);
  });

  it('is looked up in the variable Path on Windows', () => {
    assert.deepEqual(pathVariable({ Path: 'C:\\tools' }), { name: 'Path', value: 'C:\\tools' });
    assert.deepEqual(pathVariable({}), { name: 'PATH', value: '' });
  });
});
