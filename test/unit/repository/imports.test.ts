import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { root } from '../../support/paths';

const source = join(root, 'src');
/** The list that the lint rule reads too. */
const { rooms, headless, everywhere } = JSON.parse(readFileSync(join(root, '.ci/rooms.json'), 'utf8')) as Readonly<
  Record<'rooms' | 'headless' | 'everywhere', readonly string[]>
>;
/** The one state there is, since the editor waits for it in `deactivate`. */
const state = 'extension.ts: shutdown';
/** What is made when a file is loaded. Nothing else of it is ever changed. */
const madeOnLoad = [
  'base/lease.ts: RELEASED',
  'base/lease.ts: REFUSALS',
  state,
  'zeyos/conceal.ts: OPEN',
  'zeyos/errors.ts: PROXY_CODES',
  'zeyos/messages.ts: DECISIVE',
];

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'))
  .sort();
const read = (file: string): string => readFileSync(join(source, file), 'utf8');

function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|\brequire\(\s*)'([^']+)'/g)].map(
    ([, specifier = '']) => specifier,
  );
}

function pathOf(file: string, specifier: string): string {
  return `${posix.join(dirname(file), specifier).replace(/\.[jt]s$/, '')}.ts`;
}

/** The room's name: the first folder, or the file itself if it stands directly in `src`. */
function roomOf(file: string): string {
  return file.split('/')[0]?.replace(/\.ts$/, '') ?? '';
}

function isAllowed(file: string, target: string): boolean {
  if (everywhere.includes(roomOf(target))) return true;
  return !everywhere.includes(roomOf(file)) && rooms.indexOf(roomOf(target)) <= rooms.indexOf(roomOf(file));
}

describe('The import rule', () => {
  it('knows the room of every file', () => {
    assert.ok(files.length > 20, `only ${files.length} files were found in ${relative(process.cwd(), source)}`);
    assert.deepEqual(
      files.filter((file) => ![...rooms, ...everywhere].includes(roomOf(file))),
      [],
    );
  });

  it('holds in every file: a room imports itself and the rooms before it', () => {
    const violations = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => pathOf(file, specifier))
        .filter((target) => !files.includes(target) || !isAllowed(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    assert.deepEqual(violations, []);
  });

  it('keeps the editor out of every headless room', () => {
    const inside = files.filter((file) => [...headless, ...everywhere].includes(roomOf(file)));
    assert.ok(inside.length > 20);
    assert.deepEqual(
      inside.filter((file) => importsOf(file).some((name) => name === 'vscode' || name.startsWith('vscode/'))),
      [],
    );
  });

  describe('has no file keep state outside of an object:', () => {
    const named = (pattern: (source: string) => Iterable<RegExpExecArray>): string[] =>
      files.flatMap((file) => [...pattern(read(file))].map(([, name]) => `${file}: ${name}`));

    it('nothing can be put in the place of anything', () => {
      assert.deepEqual(
        named((source) => source.matchAll(/^(?:export\s+)?(?:let|var)\s+(\w+)/gm)),
        [],
      );
    });

    it('nothing is made on loading, but for what is known', () => {
      assert.deepEqual(
        named((source) => source.matchAll(/^(?:export\s+)?const\s+(\w+)[^\n]*? = new\b/gm)),
        madeOnLoad,
      );
    });

    it('nothing that is there from the start is changed, but for what is known', () => {
      const changes = (source: string): RegExpExecArray[] =>
        [...source.matchAll(/^(?:export\s+)?const\s+(\w+)/gm)].filter(([, name]) =>
          new RegExp(
            `(?<![\\w.#])${name}(\\.(push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear)\\(|(\\.\\w+|\\[[^\\]]+\\])+ (=|[-+*/|&?]{1,2}=) )`,
          ).test(source),
        );
      assert.deepEqual(named(changes), [state]);
    });
  });
});
