#!/usr/bin/env node
// @ts-check
// Runs the sandbox ZeyOS (test/support/sandbox) from its TypeScript sources. They are bundled in memory at each start,
// which takes about 0.1 s: so nothing has to be built before, nothing is written, and what runs is never older than the
// sources.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns {Promise<typeof import('esbuild') | undefined>} */
async function loadEsbuild() {
  try {
    return await import('esbuild');
  } catch {
    return undefined;
  }
}

async function run() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    console.error(`zeyos-sandbox needs Node 20 or later; this is ${process.version}.`);
    return 1;
  }
  const esbuild = await loadEsbuild();
  if (!esbuild) {
    console.error(`The packages of zeyos-sandbox are not installed. Run: npm ci --prefix ${root}`);
    return 1;
  }
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/support/sandbox/tool/main.ts'],
    outfile: 'zeyos-sandbox.cjs',
    bundle: true,
    write: false,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  });
  await esbuild.stop();
  /** @type {{ exports: { main?: (args: readonly string[]) => Promise<number> } }} */
  const module = { exports: {} };
  compileFunction(outputFiles[0]?.text ?? '', ['module', 'exports', 'require'], { filename: 'zeyos-sandbox.cjs' })(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports.main?.(process.argv.slice(2)) ?? 1;
}

process.exitCode = await run();
