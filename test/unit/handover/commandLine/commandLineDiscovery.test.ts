import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { discover, userFiles, type Discovery, type Paths } from '../../../../src/handover/commandLine/discovery';
import type { FileRead } from '../../../../src/handover/commandLine/readFile';

const PROFILES = '/home/max/.config/zeyos/profiles.json';
const CREDENTIALS = '/home/max/.config/zeyos/credentials.json';
const read: string[] = [];

function text(value: unknown, more: { isExposed?: boolean; target?: string } = {}): FileRead {
  return { kind: 'text', text: typeof value === 'string' ? value : JSON.stringify(value), isExposed: false, ...more };
}

function run(
  files: Readonly<Record<string, FileRead>>,
  {
    folders = [],
    home = '/home/max',
    paths = posix,
  }: { folders?: readonly string[]; home?: string; paths?: Paths } = {},
): Promise<Discovery> {
  read.length = 0;
  return discover({
    home,
    folders,
    paths,
    read: (file, followsLinks) => {
      read.push(`${followsLinks ? 'follows' : 'stays'} ${file}`);
      return Promise.resolve(files[file] ?? { kind: 'absent' });
    },
  });
}

const urls = ({ connections }: Discovery): readonly string[] => connections.map(({ platform }) => platform.href);
const at = (instance: string): object => ({ baseUrl: `https://cloud.zeyos.com/${instance}` });

describe('The discovery of saved connections of the ZeyOS command line', () => {
  it('reads profiles.json before credentials.json', async () => {
    const found = await run({ [CREDENTIALS]: text(at('old')), [PROFILES]: text({ profiles: { new: at('new') } }) });
    assert.deepEqual(urls(found), ['https://cloud.zeyos.com/new', 'https://cloud.zeyos.com/old']);
  });

  it('finds nothing and notes nothing if there are no files', async () => {
    assert.deepEqual(await run({}), { connections: [], problems: [], notes: [], pins: [] });
  });

  it('reads no folder except those that it is given', async () => {
    await run({});
    assert.deepEqual(read, [`follows ${PROFILES}`, `follows ${CREDENTIALS}`]);
  });

  it('finds no connection in an empty object, which logging out leaves behind', async () => {
    assert.deepEqual(await run({ [CREDENTIALS]: text({}) }), { connections: [], problems: [], notes: [], pins: [] });
  });

  it('finds the auth.json nearest to a folder, marks it, and follows no link to it', async () => {
    const found = await run(
      { '/work/.zeyos/auth.json': text(at('near')), '/.zeyos/auth.json': text(at('far')) },
      { folders: ['/work/project'] },
    );
    assert.deepEqual(
      found.connections.map(({ platform, isFromFolder, file }) => [platform.instanceName, isFromFolder, file]),
      [['near', true, '/work/.zeyos/auth.json']],
    );
    assert.ok(read.includes('stays /work/.zeyos/auth.json'));
    assert.equal(
      read.some((line) => line.endsWith(' /.zeyos/auth.json')),
      false,
    );
  });

  it('prefers the connection of the user to the connection of a folder for the same platform', async () => {
    const found = await run(
      {
        [PROFILES]: text({ profiles: { mine: at('demo') } }),
        '/work/.zeyos/auth.json': text({ ...at('demo'), clientId: 'planted' }),
      },
      { folders: ['/work'] },
    );
    assert.deepEqual(
      found.connections.map(({ profile, isFromFolder, clientId }) => [profile, isFromFolder, clientId]),
      [['mine', false, undefined]],
    );
  });

  it('reads a file above two folders once', async () => {
    const found = await run({ '/work/.zeyos/auth.json': text('{') }, { folders: ['/work/a', '/work/b'] });
    assert.deepEqual(found.notes, [{ file: '/work/.zeyos/auth.json', note: 'damaged' }]);
  });

  for (const [what, file, note] of [
    ['that is not JSON', text('{"profiles":'), { note: 'damaged' }],
    ['that is a JSON array', text([]), { note: 'damaged' }],
    ['that other users can read', text({}, { isExposed: true }), { note: 'exposed' }],
    ['behind a link', text({}, { target: '/elsewhere.json' }), { note: 'link', target: '/elsewhere.json' }],
    ['of another user', { kind: 'refused', refusal: 'foreign' }, { note: 'foreign' }],
    ['that is too large', { kind: 'refused', refusal: 'tooLarge' }, { note: 'tooLarge' }],
  ] as const) {
    it(`notes a profiles.json ${what}, and still reads credentials.json`, async () => {
      const found = await run({ [PROFILES]: file, [CREDENTIALS]: text(at('demo')) });
      assert.deepEqual(found.notes, [{ file: PROFILES, ...note }]);
      assert.deepEqual(urls(found), ['https://cloud.zeyos.com/demo']);
    });
  }

  it('returns the platform of the profile that a folder is set to', async () => {
    const found = await run(
      { [PROFILES]: text({ profiles: { live: at('demo') } }), '/work/.zeyos/profile': text('live\n') },
      { folders: ['/work/project'] },
    );
    assert.deepEqual(
      found.pins.map(({ file, profile, platform }) => [file, profile, platform?.href]),
      [['/work/.zeyos/profile', 'live', 'https://cloud.zeyos.com/demo']],
    );
  });

  it('returns no platform for a profile that does not exist', async () => {
    const { pins } = await run({ '/work/.zeyos/profile': text('gone') }, { folders: ['/work'] });
    assert.deepEqual(pins, [{ file: '/work/.zeyos/profile', profile: 'gone' }]);
  });

  it('ends at the root of a drive on Windows', async () => {
    const home = 'C:\\Users\\max';
    assert.deepEqual(userFiles({ home, paths: win32 }), [
      'C:\\Users\\max\\.config\\zeyos\\profiles.json',
      'C:\\Users\\max\\.config\\zeyos\\credentials.json',
    ]);
    const found = await run(
      { 'D:\\.zeyos\\auth.json': text(at('demo')) },
      { home, folders: ['D:\\work\\project'], paths: win32 },
    );
    assert.deepEqual(urls(found), ['https://cloud.zeyos.com/demo']);
  });
});
