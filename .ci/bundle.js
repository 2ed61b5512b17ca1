// @ts-check
// Bundles the extension: one file that the editor loads at activation, and files beside it that are loaded at their
// first use.
const esbuild = require('esbuild');
const { readFileSync, readdirSync } = require('node:fs');
const { dirname, join, relative, resolve } = require('node:path');
const { brotliCompressSync } = require('node:zlib');

const root = resolve(__dirname, '..');
const ENTRY = resolve(root, 'src/extension.ts');
/** The Node of the oldest editor. */
const TARGET = 'node20';

/** The files that are loaded later, each by the modules that are imported dynamically: the first that fits counts. */
const PARTS = [
  { name: 'privateCaFetch', modules: /^src\/zeyos\/transport\/privateCaFetch\.ts$/ },
  { name: 'diagnosis', modules: /^src\/(diagnosis\/|ui\/commands\/diagnosisCommand\.ts$)/ },
  { name: 'faces', modules: /^src\/(ui|signIn|dialog)\// },
  { name: 'services', modules: /^src\// },
];
const DYNAMIC_IMPORT = /\bimport\('(\.[^']+)\.js'\)/g;

/**
 * Bundles the modules that are imported dynamically as few files: `import('./x.js')` becomes the import of its part, of
 * which it is a member. Each part imports the activation. So every part reaches all modules of the activation, for
 * which esbuild makes one file: it makes one for all modules that the same entry points reach.
 * @type {esbuild.Plugin}
 */
const parts = {
  name: 'parts',
  setup(build) {
    const targets = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, 'src', file))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(DYNAMIC_IMPORT)].map(([, path]) => target(file, path)),
      );
    const members = [...new Set(targets)].sort();

    build.onResolve({ filter: /^part:/ }, ({ path }) => ({ path: path.slice('part:'.length), namespace: 'part' }));
    build.onLoad({ filter: /.*/, namespace: 'part' }, ({ path: name }) => ({
      contents: [
        `import ${JSON.stringify(ENTRY)};`,
        ...members.flatMap((member, index) =>
          partOf(member) === name ? [`export * as m${index} from ${JSON.stringify(member)};`] : [],
        ),
      ].join('\n'),
      resolveDir: root,
    }));
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replace(DYNAMIC_IMPORT, (_, path) => {
        const member = target(file, path);
        return `import('part:${partOf(member)}').then((part) => part.m${members.indexOf(member)})`;
      }),
      loader: 'ts',
    }));
  },
};

/**
 * The module that a dynamic import means.
 * @param {string} importer
 * @param {string | undefined} path without its ending
 */
function target(importer, path = '') {
  return `${resolve(dirname(importer), path)}.ts`;
}

/** @param {string} module an absolute path */
function partOf(module) {
  const path = relative(root, module).replaceAll('\\', '/');
  return PARTS.find(({ modules }) => modules.test(path))?.name;
}

/** The modules of undici that `privateCaFetch` uses. The methods of `Dispatcher` are those of undici's own index. */
const UNDICI = `
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
Dispatcher.prototype.request = require('undici/lib/api/api-request.js');
Dispatcher.prototype.connect = require('undici/lib/api/api-connect.js');
exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.Pool = require('undici/lib/dispatcher/pool.js');
exports.ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js');`;

/**
 * Modules that those require, and whose code never runs here: bodies of `FormData`, HTTP/2 (it is off), SOCKS proxies
 * (they are refused), and the parser for processors with SIMD, without which undici loads its other one.
 */
const UNUSED =
  /undici[\\/]lib[\\/](web[\\/]fetch[\\/]body|dispatcher[\\/](client-h2|socks5-proxy-agent)|llhttp[\\/]llhttp_simd-wasm)\.js$/;

/**
 * Bundles no more of undici than is used.
 * @type {esbuild.Plugin}
 */
const partOfUndici = {
  name: 'part of undici',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'undici' }));
    build.onLoad({ filter: /.*/, namespace: 'undici' }, () => ({ contents: UNDICI, resolveDir: root }));
    // As it is, in base64, it is a sixth of the package.
    build.onLoad({ filter: /[\\/]llhttp-wasm\.js$/ }, ({ path }) => ({
      contents: `module.exports = require('node:zlib').brotliDecompressSync(
        Buffer.from('${brotliCompressSync(require(path)).toString('base64')}', 'base64'));`,
    }));
    build.onLoad({ filter: UNUSED }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** An import of the whole API, as esbuild writes it into a module: `import * as name from "vscode"`. */
const IMPORT_OF_EDITOR = /import\s*\*\s*as ([\w$]+)\s*from\s*"vscode";/g;

/**
 * A file as CommonJS, which esbuild itself does not split. The editor's API is taken as it is: esbuild would copy it,
 * with hundreds of accessors, once for each module that imports it.
 * @param {esbuild.OutputFile} file
 * @param {boolean} production
 */
async function toCommonJs({ path, text }, production) {
  const { code } = await esbuild.transform(text.replace(IMPORT_OF_EDITOR, 'const $1 = require("vscode");'), {
    format: 'cjs',
    platform: 'node',
    target: TARGET,
    minify: production,
    supported: { 'dynamic-import': false },
    ...(!production && { sourcemap: 'inline', sourcefile: path }),
  });
  return code;
}

/**
 * How the extension is bundled.
 * @param {{ readonly production: boolean, readonly write: (path: string, code: string) => void }} options
 * `write` is called for each file
 * @returns {esbuild.BuildOptions & { metafile: true }}
 */
function bundleOptions({ production, write }) {
  /** @type {esbuild.Plugin} */
  const commonJs = {
    name: 'CommonJS',
    setup: (build) =>
      build.onEnd(async ({ outputFiles = [] }) => {
        for (const file of outputFiles) write(file.path, await toCommonJs(file, production));
      }),
  };
  return {
    absWorkingDir: root,
    entryPoints: { extension: ENTRY },
    outdir: 'dist',
    chunkNames: 'parts/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: TARGET,
    external: ['vscode'],
    // The variant for Node needs the file system, to read translations that the editor hands over here.
    alias: { '@vscode/l10n': resolve(root, 'node_modules/@vscode/l10n/dist/browser.js') },
    minify: production,
    sourcemap: production ? false : 'inline',
    metafile: true,
    write: false,
    logLevel: 'warning',
    plugins: [parts, partOfUndici, commonJs],
  };
}

/**
 * How the program of the ZeyOS terminals' small commands is bundled. It runs as a process of its own.
 * @param {boolean} production
 * @returns {esbuild.BuildOptions & { metafile: true }}
 */
function helperOptions(production) {
  return {
    absWorkingDir: root,
    entryPoints: ['src/handover/helper/main.ts'],
    outfile: 'dist/terminalHelper.js',
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: TARGET,
    minify: production,
    sourcemap: !production,
    metafile: true,
    logLevel: 'warning',
  };
}

/**
 * One metafile for several bundles.
 * @param {readonly esbuild.Metafile[]} metafiles
 * @returns {esbuild.Metafile}
 */
function mergedMetafile(...metafiles) {
  return {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
  };
}

module.exports = { TARGET, bundleOptions, helperOptions, mergedMetafile };
