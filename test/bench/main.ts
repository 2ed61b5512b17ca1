import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../support/cleanUp';
import { parseEditorVersion } from '../support/host/versions';
import { cache, vsix } from '../support/paths';
import { tallyLine } from '../support/run/tally';
import { ACCOUNTS_BUDGET_MS, BENCH_ACCOUNTS, accountsViewTimes } from './accountsView';
import { measureActivation, profileActivations, type ActivationOptions, type ActivationWindow } from './activation';
import { idleCosts } from './idle';
import { unpack } from './measuringCopies';
import { heapGrowth } from './memory';
import { whereTimeWent } from './profile';
import { noise, spread, type Spread } from './statistics';
import { storageCosts } from './storageCosts';
import { terminalOverhead } from './terminalOverhead';

const { values: options } = parseArgs({
  strict: false,
  options: {
    host: { type: 'string', default: '1.139' },
    windows: { type: 'string', default: '20' },
    'idle-minutes': { type: 'string', default: '10' },
    package: { type: 'string', default: vsix },
    only: { type: 'string', default: 'storage,memory,accounts,terminal,idle,activation,profile' },
    json: { type: 'string', default: join(cache, 'bench.json') },
  },
});

/** Measures everything, prints it, and writes it as JSON. */
async function main(): Promise<void> {
  mkdirSync(dirname(String(options.json)), { recursive: true });
  const loads = [loadavg()[0] ?? 0];
  const isWanted = (section: string): boolean => String(options.only).split(',').includes(section);
  const storage = [];
  for (const accounts of isWanted('storage') ? [1, 100, 500] : []) storage.push(await storageCosts(accounts));
  // Each renewal reads every account, so that fewer of them are measured with many accounts.
  const memory = isWanted('memory') ? [await heapGrowth(1, 1_000), await heapGrowth(500, 20)] : [];
  const accountsView = isWanted('accounts') ? accountsViewTimes() : undefined;
  const hasTerminals = process.platform !== 'win32';
  const terminal = isWanted('terminal') && hasTerminals ? await terminalOverhead() : undefined;
  const idle = await idleCosts(
    (isWanted('idle') ? [1, 8] : []).flatMap((windows) => [true, false].map((areFocused) => ({ windows, areFocused }))),
    Number(options['idle-minutes']),
  );
  const activation = [];
  for (const accounts of isWanted('activation') ? [0, 10] : []) {
    loads.push(loadavg()[0] ?? 0);
    activation.push({ accounts, windows: await withPackage(accounts, Number(options.windows), measureActivation) });
  }
  if (isWanted('profile')) await profile();
  loads.push(loadavg()[0] ?? 0);

  const machine = {
    system: `${type()} ${release()}`,
    processor: `${cpus()[0]?.model ?? ''}, ${availableParallelism()} processors`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    loadAverages: loads,
  };
  const figures = activation.map(({ accounts, windows }) => ({ accounts, ...summary(windows) }));
  const reference = activation.flatMap(({ windows }) => windows.map(({ github }) => github.reported));
  const warning =
    reference.length === 0
      ? undefined
      : noise({ average: Math.max(...loads), processors: availableParallelism() }, spread(reference));
  const result = {
    machine,
    editor: options.host,
    noise: warning ?? null,
    vsixBytes: statSync(String(options.package)).size,
    activation: figures,
    windows: activation,
    storage,
    memory,
    accountsView,
    terminal,
    idle,
  };
  const file = String(options.json);
  writeFileSync(file, JSON.stringify(result, null, 2));

  console.log(`${machine.processor}, ${machine.memory}, ${machine.system}, editor ${String(options.host)}`);
  for (const { accounts, ratios, ...all } of figures) {
    console.log(`activation with ${accounts} accounts, as a multiple of GitHub Authentication's:`);
    for (const [name, ratio] of Object.entries(ratios)) console.log(`  ${name}: ${shown(ratio)}`);
    for (const [name, times] of Object.entries(all.times)) console.log(`  ${name}: ${shown(times)} ms`);
    for (const [name, times] of Object.entries(all.firstUses))
      console.log(`  first use of ${name}: ${shown(times)} ms`);
    console.log(`  heap of the extension host: ${shown(all.heapKilobytes)} kB more`);
    console.log(`  silent getSession, as a multiple of a constant provider's: ${shown(all.getSession)}`);
  }
  for (const { accounts, ...costs } of storage)
    console.log(
      `secret reads/writes with ${accounts} accounts: ${Object.entries(costs)
        .map(([name, { reads, writes }]) => `${name} ${reads}/${writes}`)
        .join(', ')}`,
    );
  for (const { accounts, renewals, core, afterSessions, afterRenewals } of memory)
    console.log(
      `heap of the core with ${accounts} accounts: ${kilobytes(core)}; after 10,000 getSession ${kilobytes(afterSessions)} more, after ${renewals} renewals ${kilobytes(afterRenewals)} more`,
    );
  if (accountsView)
    console.log(
      `Accounts view: one instance with ${BENCH_ACCOUNTS} accounts in ${shown(accountsView)} ms, of at most ${ACCOUNTS_BUDGET_MS} ms`,
    );
  if (terminal) {
    console.log(`an empty script: ${shown(terminal.emptyScript)} ms; zeyos-run true: ${shown(terminal.zeyosRun)} ms`);
    console.log(`  zeyos-run as a multiple of an empty script, in turns: ${shown(terminal.ratio)}`);
  }
  for (const { windows, areFocused, minutes, ...counts } of idle)
    console.log(
      `idle for ${minutes} min, ${windows} windows ${areFocused ? 'with' : 'without'} the focus: ${JSON.stringify(counts)}`,
    );
  console.log(`written to ${file}`);
  if (warning !== undefined) console.log(`NOISY, so the times say little: ${warning}`);
  console.log(tallyLine({ passed: 1, failed: 0, skipped: 0 }));
}

async function withPackage<T>(
  accounts: number,
  windows: number,
  measure: (options: ActivationOptions) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder('package');
  try {
    unpack(String(options.package), folder.path);
    const version = parseEditorVersion(String(options.host));
    return await measure({ version, unpacked: folder.path, accounts, windows, windowsOfServer: 5 });
  } finally {
    folder.remove();
  }
}

/** Profiles some activations, prints where their time went, and writes the last profile for the tools of V8. */
async function profile(): Promise<void> {
  const profiles = await withPackage(0, 4, profileActivations);
  const times = profiles.map(whereTimeWent);
  const kinds = [...new Set(times.flatMap((time) => Object.keys(time)))].sort();
  for (const kind of kinds) console.log(`  ${kind}: ${shown(spread(times.map((time) => time[kind] ?? 0)))} ms`);
  const file = join(dirname(String(options.json)), 'activation.cpuprofile');
  writeFileSync(file, JSON.stringify(profiles.at(-1)));
  console.log(`written to ${file}`);
}

/** The ratios are paired: each compares the two extensions in the same window. */
function summary(windows: readonly ActivationWindow[]) {
  const ratio = ({ zeyos, github }: ActivationWindow): number => zeyos.reported / github.reported;
  const cold = windows.filter(({ isCold }) => isCold);
  const warm = windows.filter(({ isCold }) => !isCold);
  const names = Object.keys(windows[0]?.firstUses ?? {});
  return {
    ratios: {
      all: spread(windows.map(ratio)),
      ...(cold.length > 0 && { cold: spread(cold.map(ratio)) }),
      ...(warm.length > 0 && { warm: spread(warm.map(ratio)) }),
    },
    times: {
      'ZeyOS, loading and activate': spread(windows.map(({ zeyos }) => zeyos.reported)),
      'ZeyOS, loading': spread(windows.map(({ zeyos }) => zeyos.loading)),
      'ZeyOS, activate until it resolves': spread(windows.map(({ zeyos }) => zeyos.activating)),
      'GitHub, loading and activate': spread(windows.map(({ github }) => github.reported)),
    },
    firstUses: Object.fromEntries(
      names.map((name) => [name, spread(windows.map(({ firstUses }) => firstUses[name] ?? 0))]),
    ),
    heapKilobytes: spread(windows.map(({ heap }) => heap / 1000)),
    getSession: spread(windows.map(({ getSession }) => getSession)),
  };
}

function shown({ min, median, max, count }: Spread): string {
  const text = (value: number): string => value.toFixed(2);
  return `${text(min)} / ${text(median)} / ${text(max)} (min / median / max of ${count})`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0)} kB`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
