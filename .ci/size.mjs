// @ts-check
// Prints the size of every module in the bundle; --update makes the present sizes the budget.
import { build } from 'esbuild';
import budget from './budget.js';
import bundle from './bundle.js';

const results = await Promise.all([
  build(bundle.bundleOptions({ production: true, write: () => undefined })),
  build({ ...bundle.helperOptions(true), write: false }),
]);
const metafile = bundle.mergedMetafile(...results.map((result) => result.metafile));
/**
 * @param {string} name
 * @param {{ activation: number, later: number }} size
 */
const line = (name, { activation, later }) =>
  `${String(activation).padStart(10)} ${String(later).padStart(10)}  ${name}`;
const modules = [...budget.moduleSizes(metafile)].sort(
  ([, a], [, b]) => b.activation - a.activation || b.later - a.later,
);
const groups = Object.entries(budget.groupSizes(metafile));
const total = groups.reduce(
  (sum, [, { activation, later }]) => ({ activation: sum.activation + activation, later: sum.later + later }),
  { activation: 0, later: 0 },
);
console.log(
  [
    'Bytes, minified, before packing:',
    'activation      later',
    ...modules.map(([name, size]) => line(name, size)),
    '',
    ...groups.map(([name, size]) => line(name, size)),
    line('all', total),
  ].join('\n'),
);
if (process.argv.includes('--update')) budget.updateBudget(metafile);
