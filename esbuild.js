// Builds the extension (one bundle in dist/) and, unless for production, the sources and tests one by one into out/.
const esbuild = require('esbuild');
const { rmSync } = require('node:fs');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = { platform: 'node', format: 'cjs', target: 'node20', sourcemap: !production, logLevel: 'info' };

/** @type {import('esbuild').BuildOptions[]} */
const builds = [
  { ...common, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', bundle: true, external: ['vscode'], minify: production, metafile: true },
];
if (!production) {
  builds.push({ ...common, entryPoints: ['src/**/*.ts', 'test/**/*.ts'], outdir: 'out', outbase: '.', logLevel: 'warning' });
}

async function main() {
  if (!watch && !production) rmSync('out', { recursive: true, force: true });
  for (const options of builds) {
    if (watch) await (await esbuild.context(options)).watch();
    else await esbuild.build(options);
  }
}

main().catch(() => process.exit(1));
