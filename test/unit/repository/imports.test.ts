import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { root } from '../../support/paths';

const source = join(root, 'src');
/** The lint rule reads the same list. */
const { rooms, headless, everywhere } = JSON.parse(readFileSync(join(root, '.ci/rooms.json'), 'utf8')) as Readonly<
  Record<'rooms' | 'headless' | 'everywhere', readonly string[]>
>;
/** The editor waits for it in `deactivate`. */
const state = 'extension.ts: shutdown';
/** Constants that are objects made on load. Only `state` is ever changed. */
const madeOnLoad = [
  'base/fileLease.ts: RELEASED',
  'base/fileLease.ts: REFUSALS',
  state,
  'hiding/concealment.ts: OPEN',
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

/** The first folder below `src`, or the name of a file directly in `src`. */
function roomOf(file: string): string {
  return file.split('/')[0]?.replace(/\.ts$/, '') ?? '';
}

function isAllowed(file: string, target: string): boolean {
  if (everywhere.includes(roomOf(target))) return true;
  return !everywhere.includes(roomOf(file)) && rooms.indexOf(roomOf(target)) <= rooms.indexOf(roomOf(file));
}

describe('The structure', () => {
  it('of src and test assigns a room to every file', () => {
    assert.ok(files.length > 20, `only ${files.length} files were found in ${relative(process.cwd(), source)}`);
    assert.deepEqual(
      files.filter((file) => ![...rooms, ...everywhere].includes(roomOf(file))),
      [],
    );
  });

  it('of the rooms is kept by every file, which imports only its own room and the rooms before it', () => {
    const violations = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => pathOf(file, specifier))
        .filter((target) => !files.includes(target) || !isAllowed(file, target))
        .map((target) => `${file} imports ${target}`),
    );
    assert.deepEqual(violations, []);
  });

  it('of the rooms keeps imports of vscode out of every headless room', () => {
    const inside = files.filter((file) => [...headless, ...everywhere].includes(roomOf(file)));
    assert.ok(inside.length > 20);
    assert.deepEqual(
      inside.filter((file) => importsOf(file).some((name) => name === 'vscode' || name.startsWith('vscode/'))),
      [],
    );
  });

  describe('of src, as to state outside of objects,', () => {
    const named = (pattern: (source: string) => Iterable<RegExpExecArray>): string[] =>
      files.flatMap((file) => [...pattern(read(file))].map(([, name]) => `${file}: ${name}`));

    it('has no module variable that can be reassigned', () => {
      assert.deepEqual(
        named((source) => source.matchAll(/^(?:export\s+)?(?:let|var)\s+(\w+)/gm)),
        [],
      );
    });

    it('has objects made by `new` only in the listed constants', () => {
      assert.deepEqual(
        named((source) => source.matchAll(/^(?:export\s+)?const\s+(\w+)[^\n]*? = new\b/gm)),
        madeOnLoad,
      );
    });

    it('has no constant that is changed, except for the shutdown state', () => {
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
