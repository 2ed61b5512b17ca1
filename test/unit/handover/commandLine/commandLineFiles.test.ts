import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '../../../../src/handover/commandLine/readFile';
import { temporaryFolder } from '../../../support/cleanUp';

describe('A file of the ZeyOS command line', () => {
  let folder: { readonly path: string; remove(): void };
  let file: string;
  const isPosix = process.platform !== 'win32';

  beforeEach(() => {
    folder = temporaryFolder('files');
    mkdirSync(join(folder.path, '.zeyos'));
    file = join(folder.path, '.zeyos', 'auth.json');
  });
  afterEach(() => folder.remove());

  const write = (path = file, content = '{}', mode = 0o600): void => {
    writeFileSync(path, content);
    chmodSync(path, mode);
  };

  it('is read without its byte order mark', async () => {
    write(file, '\ufeff{"a":1}');
    assert.deepEqual(await readSmallFile(file, false), { kind: 'text', text: '{"a":1}', isExposed: false });
  });

  it('counts as absent if it does not exist, or if its folder is a file', async () => {
    write();
    assert.deepEqual(await readSmallFile(join(folder.path, 'none.json'), false), { kind: 'absent' });
    assert.deepEqual(await readSmallFile(join(file, 'auth.json'), false), { kind: 'absent' });
  });

  it('is refused if it is a folder', async () => {
    mkdirSync(file);
    assert.deepEqual(await readSmallFile(file, true), { kind: 'refused', refusal: 'notAFile' });
  });

  it('is refused if it is larger than 1 MiB', async () => {
    write(file, ' '.repeat(1024 * 1024 + 1));
    assert.deepEqual(await readSmallFile(file, true), { kind: 'refused', refusal: 'tooLarge' });
  });

  if (!isPosix) return;

  for (const mode of [0o640, 0o604, 0o666]) {
    it(`is exposed with the mode ${mode.toString(8)}`, async () => {
      write(file, '{}', mode);
      assert.deepEqual(await readSmallFile(file, true), { kind: 'text', text: '{}', isExposed: true });
    });
  }

  it('is read through a link if links are followed, and the target is reported', async () => {
    const target = join(folder.path, 'target.json');
    write(target);
    symlinkSync(target, file);
    assert.deepEqual(await readSmallFile(file, true), { kind: 'text', text: '{}', isExposed: false, target });
  });

  it('is refused if it is a link and links are not followed', async () => {
    write(join(folder.path, 'target.json'));
    symlinkSync(join(folder.path, 'target.json'), file);
    assert.deepEqual(await readSmallFile(file, false), { kind: 'refused', refusal: 'link' });
  });

  it('is refused if its folder is a link and links are not followed', async () => {
    write();
    mkdirSync(join(folder.path, 'project'));
    symlinkSync(join(folder.path, '.zeyos'), join(folder.path, 'project', '.zeyos'));
    const linked = join(folder.path, 'project', '.zeyos', 'auth.json');
    assert.deepEqual(await readSmallFile(linked, false), { kind: 'refused', refusal: 'link' });
  });

  it('is read in a project that is opened through a link', async () => {
    write();
    symlinkSync(folder.path, join(folder.path, 'link'));
    const linked = join(folder.path, 'link', '.zeyos', 'auth.json');
    assert.equal((await readSmallFile(linked, false)).kind, 'text');
  });

  it('is refused at once if it is a named pipe', async () => {
    assert.equal(spawnSync('mkfifo', [file]).status, 0);
    assert.deepEqual(await readSmallFile(file, true), { kind: 'refused', refusal: 'notAFile' });
  });

  it('is refused if it belongs to another user', async function () {
    // Only the superuser can give a file away.
    if (process.getuid?.() !== 0) this.skip();
    write();
    chownSync(file, 1234, 1234);
    assert.deepEqual(await readSmallFile(file, true), { kind: 'refused', refusal: 'foreign' });
  });
});
