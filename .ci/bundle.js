// @ts-check
// Bundles the extension: one file that the editor loads at activation, and files beside it that are loaded at their first use.
const esbuild = require('esbuild');
const { dirname, resolve } = require('node:path');

const root = resolve(__dirname, '..');
const ENTRY = resolve(root, 'src/extension.ts');
/** The Node of the oldest editor. */
const TARGET = 'node20';

/**
 * Gives every module of the activation one and the same file. esbuild puts modules into one file if the same entry points reach them, and
 * every dynamic import is an entry point: so each of these gets an import of the activation. When it runs, that is long loaded.
 * @type {esbuild.Plugin}
 */
const oneActivationFile = {
  name: 'one activation file',
  setup(build) {
    build.onResolve({ filter: /^\./ }, async ({ kind, path, pluginData, ...from }) => {
      if (kind !== 'dynamic-import' || pluginData === ENTRY) return undefined;
      const resolved = await build.resolve(path, { ...from, kind: 'import-statement', pluginData: ENTRY });
      return resolved.errors.length > 0 ? resolved : { path: resolved.path, suffix: '?lazy' };
    });
    build.onLoad({ filter: /\.ts$/ }, ({ path, suffix }) =>
      suffix === '?lazy'
        ? {
            contents: `import ${JSON.stringify(ENTRY)}; export * from ${JSON.stringify(path)};`,
            resolveDir: dirname(path),
          }
        : undefined,
    );
  },
};

/** The modules of undici that `privateCaFetch` uses. The methods of `Dispatcher` are those of undici's own index. */
const UNDICI = `
const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');
Dispatcher.prototype.request = require('undici/lib/api/api-request.js');
Dispatcher.prototype.connect = require('undici/lib/api/api-connect.js');
exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.Pool = require('undici/lib/dispatcher/pool.js');
exports.ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js');`;

/**
 * Modules that those require, and whose code never runs here: bodies of `FormData`, HTTP/2 (it is off), SOCKS proxies (they are refused), and
 * the parser for processors with SIMD, without which undici loads its other one.
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
    build.onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'part' }));
    build.onLoad({ filter: /.*/, namespace: 'part' }, () => ({ contents: UNDICI, resolveDir: root }));
    build.onLoad({ filter: UNUSED }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** An import of the whole API, as esbuild writes it into a module: `import * as name from "vscode"`. */
const IMPORT_OF_EDITOR = /import\s*\*\s*as ([\w$]+)\s*from\s*"vscode";/g;

/**
 * A file as CommonJS, which esbuild itself does not split. The editor's API is taken as it is: esbuild would copy it, with hundreds of
 * accessors, once for each module that imports it.
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
    plugins: [oneActivationFile, partOfUndici, commonJs],
  };
}

module.exports = { TARGET, bundleOptions };
