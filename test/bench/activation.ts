import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { temporaryFolder } from '../support/cleanUp';
import { waitForBridge, type Bridge } from '../support/host/bridge';
import { launchPersistent } from '../support/host/browser';
import { startHost } from '../support/host/host';
import { shareSecrets } from '../support/host/sharedSecrets';
import type { EditorVersion } from '../support/host/versions';
import { Workbench } from '../support/host/workbench';
import { bridge } from '../support/paths';
import { accountRecords } from './accounts';
import { MEASURED, measuringCopies, type Measured } from './measuringCopies';
import { profileActivation, type CpuProfile } from './profile';

/** What one window took to activate one extension, in milliseconds. */
export interface ActivationTimes {
  /** Code loading plus the `activate` call, as *Show Running Extensions* reports them: whole milliseconds. */
  readonly reported: number;
  /** Code loading alone, by the editor's own marks. */
  readonly loading: number;
  /** From the end of the code loading until the promise of `activate` has resolved, by the editor's own marks. */
  readonly activating: number;
}

/** What the first use of each lazy file costs, in milliseconds, by its name. */
export type FirstUses = Readonly<Record<string, number>>;

export interface ActivationWindow extends Readonly<Record<Measured, ActivationTimes>> {
  /** Whether it is the first window since the editor's server started. */
  readonly isCold: boolean;
  readonly first: Measured;
  readonly firstUses: FirstUses;
  /** By how much the heap of the extension host is larger after ours is activated, in bytes. */
  readonly heap: number;
  /** A silent `getSession`, as a multiple of the same call to a provider that returns a constant. */
  readonly getSession: number;
}

export interface ActivationOptions {
  readonly version: EditorVersion;
  /** The folder of the unpacked package. */
  readonly unpacked: string;
  readonly accounts: number;
  /** How many windows are measured, the cold ones included. */
  readonly windows: number;
  /** How many windows one server opens, before the next server starts and has its first window count as cold. */
  readonly windowsOfServer: number;
}

/**
 * Activates both extensions in each of many windows, one after the other, alternately ours first and the other first.
 */
export function measureActivation(options: ActivationOptions): Promise<readonly ActivationWindow[]> {
  return inWindows(options, async ({ workbench, extensionHost, folder, index, isCold }) => {
    const order: readonly Measured[] = index % 2 === 0 ? ['zeyos', 'github'] : ['github', 'zeyos'];
    let zeyosHeap = 0;
    for (const measured of order) {
      const before = await heap(extensionHost);
      await quiet(extensionHost);
      await extensionHost.evaluate(`await ext('${MEASURED[measured]}')`);
      await quiet(extensionHost);
      if (measured === 'zeyos') zeyosHeap = (await heap(extensionHost)) - before;
    }
    const reported = await runningExtensions(workbench);
    const times = async (measured: Measured): Promise<ActivationTimes> => ({
      ...(await marks(extensionHost, MEASURED[measured])),
      reported: reported[measured],
    });
    return {
      isCold,
      first: order[0] ?? 'zeyos',
      zeyos: await times('zeyos'),
      github: await times('github'),
      firstUses: await firstUses(extensionHost, folder),
      heap: zeyosHeap,
      getSession: await getSessionRatio(extensionHost),
    };
  });
}

/** Activates ours in each of some windows with GitHub Authentication active, under the profiler. */
export function profileActivations(options: ActivationOptions): Promise<readonly CpuProfile[]> {
  return inWindows(options, async ({ extensionHost }) => {
    await extensionHost.evaluate(`await ext('${MEASURED.github}')`);
    await quiet(extensionHost);
    return profileActivation(extensionHost, 'zeyos');
  });
}

interface OpenedWindow {
  readonly workbench: Workbench;
  readonly extensionHost: Bridge;
  /** The copy of the unpacked package. */
  readonly folder: string;
  readonly index: number;
  readonly isCold: boolean;
}

/** Opens windows, in which neither extension is active, and measures in each once it is at rest. */
async function inWindows<T>(options: ActivationOptions, measure: (window: OpenedWindow) => Promise<T>): Promise<T[]> {
  const measurements: T[] = [];
  while (measurements.length < options.windows) {
    const count = Math.min(options.windowsOfServer, options.windows - measurements.length);
    measurements.push(...(await inServer(options, count, measurements.length, measure)));
  }
  return measurements;
}

async function inServer<T>(
  { version, unpacked, accounts }: ActivationOptions,
  count: number,
  before: number,
  measure: (window: OpenedWindow) => Promise<T>,
): Promise<T[]> {
  const folder = temporaryFolder('bench');
  const bridges = join(folder.path, 'bridge');
  mkdirSync(bridges);
  const copies = await measuringCopies(folder.path, unpacked, version);
  const url = 'https://cloud.example.invalid/demo';
  const host = await startHost({
    version,
    extensions: [bridge, copies.zeyos, copies.github],
    settings: { 'zeyos.instances': [{ url }], 'zeyos.checkIntervalMinutes': 0 },
    env: { BRIDGE_DIR: bridges },
  });
  try {
    const context = await launchPersistent(join(folder.path, 'profile'));
    try {
      await shareSecrets(context, await accountRecords(url, accounts));
      const page = context.pages()[0] ?? (await context.newPage());
      const measurements: T[] = [];
      for (let index = 0; index < count; index++) {
        const workbench = new Workbench(page);
        await workbench.open(host.url());
        const extensionHost = await waitForBridge(bridges, index + 1, 90_000);
        await quiet(extensionHost);
        const window = { workbench, extensionHost, folder: copies.zeyos, index: before + index, isCold: index === 0 };
        measurements.push(await measure(window));
      }
      return measurements;
    } finally {
      await context.close();
    }
  } finally {
    await host.stop();
    folder.remove();
  }
}

/** Waits until the extension host has had little to do for half a second. */
async function quiet(extensionHost: Bridge): Promise<void> {
  await extensionHost.evaluate(`
    const { performance } = require('perf_hooks');
    let before = performance.eventLoopUtilization();
    for (let tries = 0, calm = 0; tries < 100 && calm < 5; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { utilization } = performance.eventLoopUtilization(before);
      before = performance.eventLoopUtilization();
      calm = utilization < 0.05 ? calm + 1 : 0;
    }`);
}

async function runningExtensions(workbench: Workbench): Promise<Readonly<Record<Measured, number>>> {
  await workbench.run('Developer: Show Running Extensions');
  return {
    zeyos: await shownTime(workbench.page, 'ZeyOS Authentication'),
    github: await shownTime(workbench.page, 'GitHub Authentication'),
  };
}

async function shownTime(page: Page, name: string): Promise<number> {
  const row = page.locator('.runtime-extensions-editor .extension').filter({ hasText: name });
  const text = await row.locator('.activation-time', { hasText: /\d+\s*ms/ }).innerText();
  return Number(/(\d+)\s*ms/.exec(text)?.[1]);
}

async function marks(extensionHost: Bridge, id: string): Promise<Pick<ActivationTimes, 'loading' | 'activating'>> {
  return extensionHost.evaluate(
    `
    const marks = globalThis.MonacoPerformanceMarks.getMarks();
    const at = (name) => marks.find((mark) => mark.name === 'code/extHost/' + name + '/' + arg).startTime;
    return {
      loading: at('didLoadExtensionCode') - at('willLoadExtensionCode'),
      activating: at('didActivateExtension') - at('willActivateExtension'),
    };`,
    id,
  );
}

/** The bytes that an extension host uses once garbage is collected. */
function heap(extensionHost: Bridge): Promise<number> {
  return extensionHost.evaluate(`
    require('v8').setFlagsFromString('--expose-gc');
    require('vm').runInNewContext('gc')();
    return process.memoryUsage().heapUsed;`);
}

/** Loads each part of the package that no one has loaded yet, as the extension does at its first use. */
function firstUses(extensionHost: Bridge, folder: string): Promise<FirstUses> {
  return extensionHost.evaluate(
    `
    const { readdirSync } = require('fs');
    const times = {};
    for (const file of readdirSync(arg)) {
      const name = file.replace(/-[^-]*$/, '');
      if (name === 'chunk') continue;
      const before = performance.now();
      require(arg + '/' + file);
      times[name] = performance.now() - before;
    }
    return times;`,
    join(folder, 'dist/parts'),
  );
}

/** Asks both providers in turn, so that what the machine does meanwhile concerns both. */
function getSessionRatio(extensionHost: Bridge): Promise<number> {
  return extensionHost.evaluate(`
    const changes = new vscode.EventEmitter();
    const session = { id: '1', accessToken: 'x', account: { id: '1', label: 'constant' }, scopes: [] };
    const provider = { onDidChangeSessions: changes.event, getSessions: async () => [session] };
    const registration = vscode.authentication.registerAuthenticationProvider('bench', 'Constant', provider);
    const ask = async (id) => {
      const before = performance.now();
      await vscode.authentication.getSession(id, [], { silent: true });
      return performance.now() - before;
    };
    const times = { zeyos: [], bench: [] };
    for (let round = 0; round < 60; round++) for (const id of ['zeyos', 'bench']) times[id].push(await ask(id));
    registration.dispose();
    const median = (values) => values.slice(10).sort((a, b) => a - b)[25];
    return median(times.zeyos) / median(times.bench);`);
}
