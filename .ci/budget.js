// @ts-check
// Measures the bundle, module by module, against the budget in budget.json.
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** @typedef {import('esbuild').Metafile} Metafile */
/** Bytes in the bundle: in the files that the editor loads at activation, and in those that are loaded later. */
/** @typedef {{ activation: number, later: number }} Size */

const FILE = join(__dirname, 'budget.json');
/** By how much a budget may be exceeded. */
const TOLERANCE = 1.1;
const ENTRY = 'src/extension.ts';

/**
 * The files of the bundle that are loaded at activation: the entry and all that it imports statically.
 * @param {Metafile} metafile
 */
function activationFiles({ outputs }) {
  const entries = Object.keys(outputs).filter((file) => outputs[file]?.entryPoint === ENTRY);
  const files = new Set(entries);
  for (const file of files)
    for (const { path, kind, external } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && !external) files.add(path);
  return [...files];
}

/**
 * The size of each module.
 * @param {Metafile} metafile
 * @returns {Map<string, Size>}
 */
function moduleSizes(metafile) {
  const atActivation = new Set(activationFiles(metafile));
  const sizes = new Map();
  for (const [file, { inputs }] of Object.entries(metafile.outputs))
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput === 0) continue;
      const size = sizes.get(input) ?? { activation: 0, later: 0 };
      size[atActivation.has(file) ? 'activation' : 'later'] += bytesInOutput;
      sizes.set(input, size);
    }
  return sizes;
}

/**
 * The folder that a module is budgeted with, or its package.
 * @param {string} input
 */
function groupOf(input) {
  const [, name] = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
  return name ?? (input.startsWith('src/') ? input.split('/').slice(0, -1).join('/') : 'undici');
}

/**
 * @param {Metafile} metafile
 * @returns {Record<string, Size>}
 */
function groupSizes(metafile) {
  /** @type {Record<string, Size>} */
  const groups = {};
  for (const [input, { activation, later }] of [...moduleSizes(metafile)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const group = (groups[groupOf(input)] ??= { activation: 0, later: 0 });
    group.activation += activation;
    group.later += later;
  }
  return groups;
}

/**
 * What exceeds the budget, in words.
 * @param {Readonly<Record<string, Size>>} sizes
 * @param {Readonly<Record<string, Size>>} budget
 */
function excesses(sizes, budget) {
  return Object.entries(sizes).flatMap(([group, size]) =>
    /** @type {const} */ (['activation', 'later']).flatMap((when) => {
      const allowed = budget[group]?.[when] ?? 0;
      return size[when] > allowed * TOLERANCE
        ? [`${group}, ${when}: ${size[when]} bytes, and ${allowed} are budgeted`]
        : [];
    }),
  );
}

/**
 * @param {Metafile} metafile
 * @throws if a module exceeds its budget by more than a tenth
 */
function checkBudget(metafile) {
  const found = excesses(groupSizes(metafile), JSON.parse(readFileSync(FILE, 'utf8')));
  if (found.length === 0) return;
  throw new Error(
    `The bundle exceeds its budget (.ci/budget.json) by more than a tenth:\n  ${found.join('\n  ')}\n` +
      'Load the code at its first use, see src/parts.ts; or raise the budget with: npm run size -- --update',
  );
}

/** @param {Metafile} metafile */
function updateBudget(metafile) {
  writeFileSync(FILE, `${JSON.stringify(groupSizes(metafile), null, 2)}\n`);
}

module.exports = { activationFiles, checkBudget, excesses, groupSizes, moduleSizes, updateBudget };
