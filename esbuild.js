// @ts-check
// Builds dist/extension.js, dist/privateCaFetch.js, which loads only for an instance with a caFile, and dist/terminalHelper.js.
// Unless --production is set, also compiles each source and test file to out/.
const esbuild = require('esbuild');
const { rmSync, writeFileSync } = require('node:fs');
const { writeNotices } = require('./.ci/notices');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = { platform: 'node', format: 'cjs', target: 'node20', sourcemap: !production, logLevel: 'info' };

const bundle = { ...common, bundle: true, minify: production, metafile: true };

/**
 * Keeps imports of a file out of the bundle. They load the file next to it.
 * @param {string} file
 * @returns {import('esbuild').Plugin}
 */
function external(file) {
  const filter = new RegExp(`/${file.replace('.', '\\.')}$`);
  return {
    name: `external ${file}`,
    setup: (build) => build.onResolve({ filter }, () => ({ path: `./${file}`, external: true })),
  };
}

/** @type {import('esbuild').BuildOptions[]} */
const builds = [
  // Dynamic imports become `require`, which finds a file next to the bundle in any extension host.
  {
    ...bundle,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    plugins: [external('privateCaFetch.js')],
    supported: { 'dynamic-import': false },
  },
  { ...bundle, entryPoints: ['src/zeyos/transport/privateCaFetch.ts'], outfile: 'dist/privateCaFetch.js' },
  // Run by the small commands of a ZeyOS terminal, as a process of its own.
  { ...bundle, entryPoints: ['src/handover/helper/main.ts'], outfile: 'dist/terminalHelper.js' },
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
  // For the tests. Not packaged.
  writeFileSync('dist/meta.json', JSON.stringify(metafiles));
}

main().catch((error) => {
  // esbuild has already printed its own errors.
  if (!error.errors) console.error(error.message);
  process.exit(1);
});
