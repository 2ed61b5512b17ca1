import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { root } from '../support/paths';

const source = join(root, 'src');
/** From the inside to the outside: a room may import itself and what stands before it. */
const rooms = ['zeyos', 'session', 'diagnosis', 'signIn', 'ui', 'api.ts', 'extension.ts'];
const withEditor = ['session/authenticationProvider.ts', 'session/instanceStore.ts'];
/** The one state there is, since the editor waits for it in `deactivate`. */
const state = 'extension.ts: shutdown';
/** What is made when a file is loaded. Nothing else of it is ever changed. */
const madeOnLoad = [state, 'session/lease.ts: RELEASED', 'session/lease.ts: REFUSALS', 'zeyos/conceal.ts: OPEN', 'zeyos/errors.ts: PROXY_CODES', 'zeyos/messages.ts: DECISIVE'];

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'))
  .sort();
const read = (file: string): string => readFileSync(join(source, file), 'utf8');

function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|\brequire\(\s*)'([^']+)'/g)].map(([, specifier = '']) => specifier);
}

/** The files here that one needs when it runs; a type is gone by then. */
function neededBy(file: string): string[] {
  const imports = [...read(file).matchAll(/^(?:import|export) (?!type\b)[^;]*?'(\.[^']+)'/gm), ...read(file).matchAll(/\b(?:import|require)\(\s*'(\.[^']+)'/g)];
  return imports.map(([, specifier = '']) => pathOf(file, specifier));
}

function pathOf(file: string, specifier: string): string {
  return `${posix.join(dirname(file), specifier).replace(/\.[jt]s$/, '')}.ts`;
}

function roomOf(file: string): number {
  return rooms.findIndex((room) => file === room || file.startsWith(`${room}/`));
}

describe('The import rule', () => {
  it('knows the room of every file', () => {
    assert.ok(files.length > 20, `only ${files.length} files were found in ${relative(process.cwd(), source)}`);
    assert.deepEqual(files.filter((file) => roomOf(file) < 0 && file !== 'manifest.ts'), []);
  });

  for (const file of files) {
    it(`${file} depends on what stands behind it only`, () => {
      for (const specifier of importsOf(file).filter((name) => name.startsWith('.'))) {
        const target = pathOf(file, specifier);
        assert.ok(files.includes(target), `${specifier} is no file here`);
        if (target === 'manifest.ts') continue;
        assert.ok(roomOf(target) <= roomOf(file), `${file} imports ${target}`);
      }
    });
  }

  describe('of zeyos, session and diagnosis, which but for two files are written without the editor:', () => {
    const inside = files.filter((file) => roomOf(file) <= rooms.indexOf('diagnosis') && file !== 'manifest.ts');

    it('none else knows of it', () => {
      assert.deepEqual(inside.filter((file) => importsOf(file).some((name) => name === 'vscode' || name.startsWith('vscode/'))), withEditor);
    });

    it('none needs those two', () => {
      assert.deepEqual(inside.filter((file) => neededBy(file).some((target) => withEditor.includes(target))), []);
    });
  });

  describe('has no file keep state outside of an object:', () => {
    const named = (pattern: (source: string) => Iterable<RegExpExecArray>): string[] => files.flatMap((file) => [...pattern(read(file))].map(([, name]) => `${file}: ${name}`));

    it('nothing can be put in the place of anything', () => {
      assert.deepEqual(named((source) => source.matchAll(/^(?:export\s+)?(?:let|var)\s+(\w+)/gm)), []);
    });

    it('nothing is made on loading, but for what is known', () => {
      assert.deepEqual(named((source) => source.matchAll(/^(?:export\s+)?const\s+(\w+)[^\n]*? = new\b/gm)), madeOnLoad);
    });

    it('nothing that is there from the start is changed, but for what is known', () => {
      const changes = (source: string): RegExpExecArray[] =>
        [...source.matchAll(/^(?:export\s+)?const\s+(\w+)/gm)].filter(([, name]) => new RegExp(`(?<![\\w.#])${name}(\\.(push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear)\\(|(\\.\\w+|\\[[^\\]]+\\])+ (=|[-+*/|&?]{1,2}=) )`).test(source));
      assert.deepEqual(named(changes), [state]);
    });
  });
});
