// @ts-check
// Builds the extension (dist/extension.js, and dist/privateCaFetch.js for those who need it) and, unless for production, the sources and tests one by one into out/.
const esbuild = require('esbuild');
const { rmSync, writeFileSync } = require('node:fs');
const { writeNotices } = require('./.ci/notices');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = { platform: 'node', format: 'cjs', target: 'node20', sourcemap: !production, logLevel: 'info' };

const bundle = { ...common, bundle: true, minify: production, metafile: true };

/**
 * @param {string} file
 * @returns {import('esbuild').Plugin}
 */
function apart(file) {
  const filter = new RegExp(`/${file.replace('.', '\\.')}$`);
  return {
    name: `apart ${file}`,
    setup: (build) => build.onResolve({ filter }, () => ({ path: `./${file}`, external: true })),
  };
}

/** @type {import('esbuild').BuildOptions[]} */
const builds = [
  // What is loaded later stays a file of its own beside it; `require` finds that in any extension host.
  {
    ...bundle,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    plugins: [apart('privateCaFetch.js')],
    supported: { 'dynamic-import': false },
  },
  { ...bundle, entryPoints: ['src/zeyos/transport/privateCaFetch.ts'], outfile: 'dist/privateCaFetch.js' },
];
if (!production) {
  // As its own `npm run build` does.
  builds.push({
    ...common,
    bundle: true,
    entryPoints: ['examples/consumer/src/extension.ts'],
    outfile: 'examples/consumer/dist/extension.js',
    external: ['vscode'],
    logLevel: 'warning',
  });
  builds.push({
    ...common,
    entryPoints: ['src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts'],
    outdir: 'out',
    outbase: '.',
    logLevel: 'warning',
  });
}

async function main() {
  if (!watch && !production) rmSync('out', { recursive: true, force: true });
  const metafiles = [];
  for (const options of builds) {
    if (watch) await (await esbuild.context(options)).watch();
    else metafiles.push((await esbuild.build(options)).metafile ?? { inputs: {} });
  }
  if (watch) return;
  writeNotices('dist/ThirdPartyNotices.txt', metafiles);
  // What is in the bundle, for the tests; it is not packaged.
  writeFileSync('dist/meta.json', JSON.stringify(metafiles));
}

main().catch((error) => {
  // esbuild has told of its own errors.
  if (!error.errors) console.error(error.message);
  process.exit(1);
});
