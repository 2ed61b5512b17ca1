import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findProgram, isProgram } from '../../../src/handover/programs';
import { temporaryFolder } from '../../support/cleanUp';

describe('A program on the PATH', () => {
  let folder: { readonly path: string; remove(): void };
  beforeEach(() => (folder = temporaryFolder('path')));
  afterEach(() => folder.remove());

  const install = (where: string, name = 'tool', mode = 0o755): string => {
    mkdirSync(join(folder.path, where), { recursive: true });
    const file = join(folder.path, where, name);
    writeFileSync(file, '');
    chmodSync(file, mode);
    return file;
  };
  const find = (places: readonly string[], excluded: readonly string[] = [], isWindows = false) =>
    findProgram('tool', {
      environment: { [isWindows ? 'Path' : 'PATH']: places.join(isWindows ? ';' : delimiter) },
      outside: excluded,
      ...(isWindows && { platform: 'win32' }),
    });

  it('is found in the first folder that has it', async () => {
    const [first, second] = [install('a'), install('b')];
    assert.equal(await find([join(folder.path, 'none'), join(folder.path, 'a'), join(folder.path, 'b')]), first);
    assert.equal(await find([join(folder.path, 'b'), join(folder.path, 'a')]), second);
  });

  it('is not found in a relative entry, nor in an empty one', async () => {
    install('a');
    assert.equal(await find(['', '.', 'a']), undefined);
  });

  it('is not found in the workspace, nor through a link into it', async () => {
    const workspace = join(folder.path, 'workspace');
    const planted = install('workspace/node_modules/.bin');
    mkdirSync(join(folder.path, 'bin'));
    symlinkSync(planted, join(folder.path, 'bin', 'tool'));
    assert.equal(await find([join(workspace, 'node_modules/.bin'), join(folder.path, 'bin')], [workspace]), undefined);
  });

  it('is found in a later folder of the PATH if the first match is in the workspace', async () => {
    install('workspace');
    const installed = install('usr');
    assert.equal(
      await find([join(folder.path, 'workspace'), join(folder.path, 'usr')], [join(folder.path, 'workspace')]),
      installed,
    );
  });

  it('is found in a folder whose name begins like that of the workspace', async () => {
    const installed = install('work-tools');
    assert.equal(await find([join(folder.path, 'work-tools')], [join(folder.path, 'work')]), installed);
  });

  it('is found by its ending on Windows, by a PATH in any case', async () => {
    const installed = install('a', 'tool.cmd');
    assert.equal(await find([`"${join(folder.path, 'a')}"`], [], true), installed);
  });

  it('is not found if it is not executable, or if it is a folder', async () => {
    assert.equal(await isProgram(install('a', 'tool', 0o644)), false);
    assert.equal(await isProgram(folder.path), false);
    assert.equal(await isProgram(join(folder.path, 'none')), false);
  });
});
