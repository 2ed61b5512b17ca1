// @ts-check
// Builds the extension into dist/ and, unless for production, the sources and tests one by one into out/.
const esbuild = require('esbuild');
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { checkBudget } = require('./.ci/budget');
const { TARGET, bundleOptions } = require('./.ci/bundle');
const { writeNotices } = require('./.ci/notices');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const bundle = bundleOptions({
  production,
  write(path, code) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  },
});

/** @type {esbuild.BuildOptions} */
const compilation = {
  entryPoints: ['src/**/*.ts', 'test/**/*.ts'],
  outdir: 'out',
  outbase: '.',
  platform: 'node',
  format: 'cjs',
  target: TARGET,
  sourcemap: true,
  logLevel: 'warning',
};

async function main() {
  if (watch) {
    for (const options of [bundle, compilation]) await (await esbuild.context(options)).watch();
    return;
  }
  rmSync('dist', { recursive: true, force: true });
  const { metafile } = await esbuild.build(bundle);
  writeNotices('dist/ThirdPartyNotices.txt', metafile);
  // What is in the bundle, for the tests; it is not packaged.
  writeFileSync('dist/meta.json', JSON.stringify(metafile));
  if (production) {
    checkBudget(metafile);
    return;
  }
  rmSync('out', { recursive: true, force: true });
  await esbuild.build(compilation);
}

main().catch((error) => {
  // esbuild has told of its own errors.
  if (!error.errors) console.error(error.message);
  process.exit(1);
});
