// @ts-check
// Builds the extension into dist/. Unless --production is set, also builds the example, and compiles each source and
// test file to out/.
const esbuild = require('esbuild');
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const { checkBudget } = require('./.ci/budget');
const { TARGET, bundleOptions, helperOptions, mergedMetafile } = require('./.ci/bundle');
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

const helper = helperOptions(production);

/** @type {esbuild.BuildOptions} */
const common = { platform: 'node', format: 'cjs', target: TARGET, sourcemap: true, logLevel: 'warning' };

/** As the example's own `npm run build` does. @type {esbuild.BuildOptions} */
const example = {
  ...common,
  bundle: true,
  entryPoints: ['examples/consumer/src/extension.ts'],
  outfile: 'examples/consumer/dist/extension.js',
  external: ['vscode'],
};

/** @type {esbuild.BuildOptions} */
const compilation = {
  ...common,
  entryPoints: ['src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts'],
  outdir: 'out',
  outbase: '.',
};

async function main() {
  if (watch) {
    for (const options of [bundle, helper, example, compilation]) await (await esbuild.context(options)).watch();
    return;
  }
  rmSync('dist', { recursive: true, force: true });
  const metafile = mergedMetafile((await esbuild.build(bundle)).metafile, (await esbuild.build(helper)).metafile);
  writeNotices('dist/ThirdPartyNotices.txt', metafile);
  // For the tests. Not packaged.
  writeFileSync('dist/meta.json', JSON.stringify(metafile));
  if (production) {
    checkBudget(metafile);
    return;
  }
  rmSync('out', { recursive: true, force: true });
  await esbuild.build(example);
  await esbuild.build(compilation);
}

main().catch((error) => {
  // esbuild has already printed its own errors.
  if (!error.errors) console.error(error.message);
  process.exit(1);
});
