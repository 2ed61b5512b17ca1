import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../support/paths';

interface Bundle {
  readonly inputs: Readonly<
    Record<
      string,
      { readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[] }
    >
  >;
}

/** esbuild’s metadata of the two bundles, as the last build wrote it. */
const [extension, privateCaFetch] = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8')) as readonly [
  Bundle,
  Bundle,
];
const ofUndici = ({ inputs }: Bundle): readonly string[] =>
  Object.keys(inputs).filter((input) => /(^|\/)node_modules\/undici\//.test(input));

describe('The bundle dist/extension.js', () => {
  it('contains the extension', () => assert.ok('src/extension.ts' in extension.inputs));

  it('contains nothing of undici, which dist/privateCaFetch.js contains', () => {
    assert.deepEqual(ofUndici(extension), []);
    assert.ok(ofUndici(privateCaFetch).length > 0);
    assert.ok(!Object.values(extension.inputs).some(({ imports }) => imports.some(({ path }) => /undici/.test(path))));
  });

  it('loads dist/privateCaFetch.js in one place, by a dynamic import', () => {
    assert.ok(
      'src/zeyos/transport/privateCaFetch.ts' in privateCaFetch.inputs &&
        !('src/zeyos/transport/privateCaFetch.ts' in extension.inputs),
    );
    const importers = Object.entries(extension.inputs).flatMap(([input, { imports }]) =>
      imports.filter(({ path }) => /privateCaFetch/.test(path)).map(({ kind, external }) => [input, kind, external]),
    );
    assert.deepEqual(importers, [['src/zeyos/transport/instanceFetch.ts', 'dynamic-import', true]]);
  });
});
