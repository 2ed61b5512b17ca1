import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { root } from '../support/paths';

const source = join(root, 'src');
/** From the inside to the outside: a room may import itself and what stands before it. */
const rooms = ['zeyos', 'session', 'signIn', 'diagnosis', 'ui', 'api.ts', 'extension.ts'];
const withEditor = ['session/instanceStore.ts', 'session/authenticationProvider.ts'];

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'))
  .sort();
const read = (file: string): string => readFileSync(join(source, file), 'utf8');

function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|\brequire\(\s*)'([^']+)'/g)].map(([, specifier = '']) => specifier);
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
        const target = `${posix.join(dirname(file), specifier).replace(/\.[jt]s$/, '')}.ts`;
        assert.ok(files.includes(target), `${specifier} is no file here`);
        if (target === 'manifest.ts') continue;
        assert.ok(roomOf(target) <= roomOf(file), `${file} imports ${target}`);
      }
    });
  }

  it('zeyos and diagnosis know nothing of the editor, nor does session but for two files', () => {
    const isWithout = (file: string): boolean => roomOf(file) <= rooms.indexOf('session') || roomOf(file) === rooms.indexOf('diagnosis');
    const importers = files.filter((file) => isWithout(file) && importsOf(file).some((name) => name === 'vscode' || name.startsWith('vscode/')));
    assert.deepEqual(importers, [...withEditor].sort());
  });

  it('no file keeps state outside of an object', () => {
    assert.deepEqual(files.filter((file) => /^(export\s+)?(let|var)\s/m.test(read(file))), []);
  });
});
