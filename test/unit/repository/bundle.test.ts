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

/** What the last build put into its two bundles, as esbuild told. */
const [extension, privateCaFetch] = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8')) as readonly [
  Bundle,
  Bundle,
];
const ofUndici = ({ inputs }: Bundle): readonly string[] =>
  Object.keys(inputs).filter((input) => /(^|\/)node_modules\/undici\//.test(input));

describe('What every window loads', () => {
  it('is the extension', () => assert.ok('src/extension.ts' in extension.inputs));

  it('has nothing of undici in it, which the bundle beside it has', () => {
    assert.deepEqual(ofUndici(extension), []);
    assert.ok(ofUndici(privateCaFetch).length > 0);
    assert.ok(!Object.values(extension.inputs).some(({ imports }) => imports.some(({ path }) => /undici/.test(path))));
  });

  it('has nothing of the bundle beside it either, and loads that in one place, once it is needed', () => {
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
