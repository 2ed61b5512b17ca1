import assert from 'node:assert/strict';
import { productionBundle, script, type Budget, type ProductionBundle } from '../../support/bundle';

let bundle: ProductionBundle;
before(async () => {
  bundle = await productionBundle();
});

const inputsOf = (pattern: RegExp): readonly string[] =>
  Object.keys(bundle.metafile.inputs).filter((input) => pattern.test(input));
/** The modules in a file of the bundle. */
const modulesIn = (file: string): readonly string[] =>
  Object.entries(bundle.metafile.outputs[file]?.inputs ?? {}).flatMap(([input, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [input] : [],
  );
const modulesAtActivation = (): readonly string[] => bundle.atActivation.flatMap(modulesIn);

describe('The files that the editor loads at activation', () => {
  it('contain the extension, its provider, the store and the status bar', () => {
    for (const module of [
      'src/extension.ts',
      'src/editor/authenticationProvider.ts',
      'src/session/storage/sessionStore.ts',
      'src/ui/status/statusBar.ts',
    ])
      assert.ok(modulesAtActivation().includes(module), module);
  });

  it('are two: the entry, and one with everything else', () => assert.equal(bundle.atActivation.length, 2));

  it('have at most 70 kB', () => {
    const bytes = bundle.atActivation.reduce((sum, file) => sum + Buffer.byteLength(bundle.files.get(file) ?? ''), 0);
    assert.ok(bytes > 10_000 && bytes <= 70_000, `the editor loads ${bytes} bytes at activation`);
  });

  it('require none of the modules of Node for the network', () => {
    const required = bundle.atActivation.flatMap((file) =>
      [...(bundle.files.get(file) ?? '').matchAll(/\brequire\("([^"]+)"\)/g)].map(([, module = '']) => module),
    );
    assert.ok(required.includes('vscode') && required.includes('node:crypto'));
    assert.deepEqual(
      required.filter((module) => /^(node:)?(http|http2|https|tls|net|dns|dgram)(\/|$)/.test(module)),
      [],
    );
  });

  for (const [part, pattern] of [
    ['sign-in', /^src\/signIn\//],
    ['the callback server', /^src\/signIn\/browser\/callbackServer\.ts$/],
    ['the diagnosis', /^src\/diagnosis\//],
    ['the documents', /^src\/ui\/documents\//],
    ['the bodies of the commands', /^src\/ui\/commands\/\w+Commands?\.ts$/],
    ['the protocol and its transport', /^src\/zeyos\/(oauth2|authV1|legacy|api|transport\/(http|proxy))\.ts$/],
    ['undici', /(^|\/)node_modules\/undici\//],
  ] as const)
    it(`do not contain ${part}`, () => {
      assert.ok(inputsOf(pattern).length > 0, `${part} is not in the bundle`);
      assert.deepEqual(
        modulesAtActivation().filter((module) => pattern.test(module)),
        [],
      );
    });
});

describe('The bundle', () => {
  it('contains each module once, so that no class exists twice', () => {
    const all = Object.keys(bundle.metafile.outputs).flatMap(modulesIn);
    assert.deepEqual(
      all.filter((module, index) => all.indexOf(module) !== index),
      [],
    );
  });

  it('copies the API of the editor nowhere', () => {
    for (const [file, code] of bundle.files) {
      assert.doesNotMatch(code, /\(require\("vscode"\)/, file);
      assert.doesNotMatch(code, /from\s*"vscode"/, file);
    }
  });

  it('contains neither the fetch of undici nor anything else of it that is not used', () => {
    assert.ok(inputsOf(/node_modules\/undici\/lib\/api\/api-request\.js$/).length > 0);
    const unused = Object.values(bundle.metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs)
        .filter(([input]) => /undici\/(index|lib\/(web|mock|cache|interceptor|llhttp\/\w*simd))/.test(input))
        // What stands in the place of a module that another one requires.
        .filter(([, { bytesInOutput }]) => bytesInOutput > 50)
        .map(([input]) => input),
    );
    assert.deepEqual(unused, []);
  });
});

describe('The budget of the bundle', () => {
  let excesses: Budget['excesses'];
  before(async () => {
    ({ excesses } = await script<Budget>('budget.js'));
  });
  const budget = { 'src/base': { activation: 1000, later: 0 } };

  it('may be exceeded by a tenth', () => {
    assert.deepEqual(excesses({ 'src/base': { activation: 1100, later: 0 } }, budget), []);
  });

  it('is exceeded by more than a tenth, which is reported by folder and moment', () => {
    assert.deepEqual(excesses({ 'src/base': { activation: 1101, later: 0 } }, budget), [
      'src/base, activation: 1101 bytes, and 1000 are budgeted',
    ]);
  });

  it('is exceeded by code that moves to the activation, and by a folder that has no budget', () => {
    assert.deepEqual(
      excesses({ 'src/base': { activation: 900, later: 1 }, 'src/new': { activation: 5, later: 0 } }, budget),
      ['src/base, later: 1 bytes, and 0 are budgeted', 'src/new, activation: 5 bytes, and 0 are budgeted'],
    );
  });

  it('is kept by the sources', async () => {
    const { checkBudget } = await script<Budget>('budget.js');
    checkBudget(bundle.metafile);
  });
});
