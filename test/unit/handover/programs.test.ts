import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram, pathVariable } from '../../../src/handover/programs';
import { temporaryFolder } from '../../support/cleanUp';

describe('A program on the search path', function () {
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

  it('is the first in the order of the path', async () => {
    const first = file(at('first/zeyos'));
    file(at('second/zeyos'));
    assert.equal(await find([at('missing'), at('first'), at('second')]), first);
  });

  it('is not found if there is none', async () => {
    assert.equal(await find([at('missing'), '']), undefined);
    assert.equal(await findProgram('zeyos', { environment: {}, outside: [] }), undefined);
  });

  it('is no folder, and no file that cannot be executed', async () => {
    mkdirSync(at('first/zeyos'), { recursive: true });
    file(at('second/zeyos'), 0o644);
    const third = file(at('third/zeyos'));
    assert.equal(await find([at('first'), at('second'), at('third')]), third);
  });

  it('is not one of the workspace, whose folders a tool may have put on the path', async () => {
    file(at('workspace/node_modules/.bin/zeyos'));
    const installed = file(at('installed/zeyos'));
    assert.equal(await find([at('workspace/node_modules/.bin'), at('installed')]), installed);
    assert.equal(await find([at('workspace/node_modules/.bin')]), undefined);
  });

  it('is not one that a relative entry of the path means', async () => {
    file(at('workspace/zeyos'));
    const before = process.cwd();
    process.chdir(at('workspace'));
    try {
      assert.equal(await find(['.', '', './', '../workspace'], []), undefined);
    } finally {
      process.chdir(before);
    }
  });

  it('is no link into the workspace, and no link from it', async () => {
    file(at('workspace/evil'));
    mkdirSync(at('links'));
    symlinkSync(at('workspace/evil'), at('links/zeyos'));
    mkdirSync(at('workspace/bin'));
    symlinkSync(file(at('installed/zeyos')), at('workspace/bin/zeyos'));
    symlinkSync(at('workspace/bin'), at('linked-folder'));
    assert.equal(await find([at('links'), at('workspace/bin'), at('linked-folder')]), undefined);
  });

  it('is not in a workspace that is opened by a link', async () => {
    file(at('workspace/zeyos'));
    symlinkSync(at('workspace'), at('linked'));
    assert.equal(await find([at('workspace')], [at('linked')]), undefined);
  });

  it('is one of a folder whose name only begins as the workspace does', async () => {
    const installed = file(at('workspace-tools/zeyos'));
    assert.equal(await find([at('workspace-tools')]), installed);
  });

  it('has the endings that Windows tells', async () => {
    const installed = file(at('installed/zeyos.cmd'));
    const environment = { Path: at('installed'), PATHEXT: '.COM;.EXE;.CMD' };
    assert.equal(await findProgram('zeyos', { environment, outside: [], platform: 'win32' }), installed);
  });

  it('is looked for in the variable that Windows calls Path', () => {
    assert.deepEqual(pathVariable({ Path: 'C:\\tools' }), { name: 'Path', value: 'C:\\tools' });
    assert.deepEqual(pathVariable({}), { name: 'PATH', value: '' });
  });
});
