import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { temporaryFolder } from '../support/cleanUp';
import { waitForBridge, type Bridge } from '../support/host/bridge';
import { launchPersistent } from '../support/host/browser';
import { startHost, type Host } from '../support/host/host';
import { shareSecrets } from '../support/host/sharedSecrets';
import { TurnedTime } from '../support/host/turnedTime';
import { parseEditorVersion, type EditorVersion } from '../support/host/versions';
import { Workbench } from '../support/host/workbench';
import { bridge, cache, consumer, vsix } from '../support/paths';
import { Sandbox } from '../support/sandbox/sandbox';

export const STATUS = 'zeyos.zeyos-auth.zeyos.status';

/** Prefix of the screenshots’ names, so that they sort by time. */
let shots = 0;

export interface EditorOptions {
  readonly settings?: (sandbox: Sandbox) => Readonly<Record<string, unknown>>;
  readonly colorScheme?: 'light' | 'dark';
  /** Device pixels for each CSS pixel of the window. */
  readonly deviceScaleFactor?: number;
  readonly disabledBuiltIn?: readonly string[];
  /** The editor's display language for extensions; the editor itself has no translation and stays English. */
  readonly language?: string;
  readonly sandbox?: Parameters<typeof Sandbox.start>[0];
  /** Folders of further extensions. */
  readonly extensions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Replaces the editor’s secret storage by one that all windows share and that a test can inspect. The served editor
   * has a separate secret storage in each window; the desktop shares one.
   */
  readonly sharesSecrets?: boolean;
  /** Lets the test turn the time of the extension and of the sandbox: see {@link Editor.turn}. */
  readonly turnsTime?: boolean;
  /**
   * The folder of the editor's data, for a test that looks at what is left in it; removed with the editor unless given.
   */
  readonly data?: string;
}

export interface Window {
  readonly workbench: Workbench;
  readonly bridge: Bridge;
  /** Saves a screenshot among the artefacts of the run. */
  shot(name: string): Promise<void>;
}

/** An editor with the packaged extension, a consumer extension, and a sandbox. Each test file starts one. */
export class Editor {
  readonly version: EditorVersion;
  readonly sandbox: Sandbox;
  readonly host: Host;
  /** Contains the browser’s profile. */
  readonly folder: string;
  readonly #context: BrowserContext;
  readonly #bridgeFolder: string;
  readonly #remove: () => void;
  readonly #secrets: Map<string, string> | undefined;
  readonly #time: TurnedTime | undefined;
  /** The extension host of each open window. */
  readonly #bridges = new Map<Page, Bridge>();
  #windows = 0;
  #loads = 0;

  private constructor(parts: {
    version: EditorVersion;
    sandbox: Sandbox;
    host: Host;
    secrets: Map<string, string> | undefined;
    time: TurnedTime | undefined;
    folder: string;
    context: BrowserContext;
    bridgeFolder: string;
    remove: () => void;
  }) {
    this.version = parts.version;
    this.sandbox = parts.sandbox;
    this.host = parts.host;
    this.#secrets = parts.secrets;
    this.#time = parts.time;
    this.folder = parts.folder;
    this.#context = parts.context;
    this.#bridgeFolder = parts.bridgeFolder;
    this.#remove = parts.remove;
  }

  static async start({
    settings,
    colorScheme = 'dark',
    deviceScaleFactor = 1,
    language,
    disabledBuiltIn = [],
    sandbox: sandboxOptions,
    extensions = [],
    env,
    sharesSecrets = false,
    turnsTime = false,
    data,
  }: EditorOptions = {}): Promise<Editor> {
    const version = parseEditorVersion(process.env['ZEYOS_TEST_EDITOR'] ?? '1.139');
    const folder = temporaryFolder('e2e');
    const bridgeFolder = join(folder.path, 'bridge');
    mkdirSync(bridgeFolder);
    const time = turnsTime ? new TurnedTime(folder.path) : undefined;
    const sandbox = await Sandbox.start({ ...sandboxOptions, ...(time && { now: time.now }) });
    const host = await startHost({
      version,
      extensions: [vsix, consumer, bridge, ...extensions],
      disabledBuiltIn,
      settings: { 'window.autoDetectColorScheme': true, ...byPassword(settings?.(sandbox)) },
      ...time?.options,
      env: { ...env, ...time?.options.env, BRIDGE_DIR: bridgeFolder },
      ...(data !== undefined && { data }),
      trustedDomains: ['http://127.0.0.1:*', 'http://127.0.0.2:*'],
    });
    const context = await launchPersistent(join(folder.path, 'profile'), {
      colorScheme,
      deviceScaleFactor,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    if (language !== undefined) await context.addInitScript(pretendLanguage, language);
    const secrets = sharesSecrets ? await shareSecrets(context) : undefined;
    return new Editor({
      version,
      sandbox,
      host,
      secrets,
      time,
      folder: folder.path,
      context,
      bridgeFolder,
      remove: () => folder.remove(),
    });
  }

  get secrets(): Map<string, string> {
    return this.#secrets ?? assert.fail('set sharesSecrets to inspect the secret storage');
  }

  async open(): Promise<Window> {
    assert.ok(this.#windows === 0 || this.#secrets, 'set sharesSecrets to open two windows');
    const page = (this.#windows++ === 0 ? this.#context.pages()[0] : undefined) ?? (await this.#context.newPage());
    page.setDefaultTimeout(30_000);
    page.setDefaultNavigationTimeout(60_000);
    const workbench = new Workbench(page);
    await workbench.open(this.host.url(), STATUS);
    return this.#window(workbench);
  }

  async reload({ workbench }: Window): Promise<Window> {
    await workbench.page.reload();
    await workbench.statusItem(STATUS).waitFor({ timeout: 90_000 });
    return this.#window(workbench);
  }

  async openWorkspace({ workbench }: Window, file: string): Promise<Window> {
    await workbench.open(this.host.workspaceUrl(file), STATUS);
    return this.#window(workbench);
  }

  /** Resolves to the next tab that opens outside the editor. */
  nextTab(): Promise<Page> {
    return this.#context.waitForEvent('page');
  }

  /**
   * Turns the time of the extension and of the sandbox forwards: each timer of the extension that is due then runs out.
   * The editor itself, its pages and the test stay in the machine's time.
   */
  async turn(ms: number): Promise<void> {
    assert.ok(this.#time, 'set turnsTime to turn the time');
    await this.#time.turn(ms, [...this.#bridges.values()]);
  }

  /** Closes the browser and ends the server, and keeps the browser's profile and the data folder that was given. */
  async close(): Promise<void> {
    await this.#context.close();
    await this.host.stop();
    await this.sandbox.stop();
  }

  /** Removes the browser's profile after {@link close}. */
  remove(): void {
    this.#remove();
  }

  async stop(): Promise<void> {
    await this.close();
    this.remove();
  }

  async #window(workbench: Workbench): Promise<Window> {
    const windowBridge = await waitForBridge(this.#bridgeFolder, ++this.#loads, 90_000);
    this.#bridges.set(workbench.page, windowBridge);
    const folder = join(cache, 'screenshots', this.version, process.env['ZEYOS_TEST_STORY'] ?? 'all');
    mkdirSync(folder, { recursive: true });
    return {
      workbench,
      bridge: windowBridge,
      shot: async (name) => {
        await workbench.page.screenshot({ path: join(folder, `${String(++shots).padStart(2, '0')}-${name}.png`) });
      },
    };
  }
}

/** Runs in the page before the editor, whose English texts set the language otherwise. */
function pretendLanguage(language: string): void {
  Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => language, set: () => undefined });
}

/** Adds `signIn: "password"` to instances without it, because most stories sign in by password. */
export function byPassword(settings: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const instances = settings['zeyos.instances'];
  return Array.isArray(instances)
    ? { ...settings, 'zeyos.instances': instances.map((instance: object) => ({ signIn: 'password', ...instance })) }
    : settings;
}

/** Polls until a condition holds that has no event in the page. */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 30_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`timed out while waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function status({ workbench }: Window, text: RegExp): Promise<void> {
  await workbench.statusItem(STATUS).filter({ hasText: text }).waitFor();
}

/** Waits for an icon in the status bar item, and asserts that the editor has a glyph for it. */
export async function statusIcon({ workbench }: Window, icon: string, timeout?: number): Promise<void> {
  const locator = workbench.statusItem(STATUS).locator(`.codicon-${icon}`);
  await locator.waitFor(timeout === undefined ? {} : { timeout });
  const glyph = await workbench.page.evaluate<string>(
    `getComputedStyle(document.querySelector('[id="${STATUS}"] .codicon-${icon}'), '::before').content`,
  );
  if (glyph === 'none') throw new Error(`the editor has no icon ${icon}`);
}

/**
 * Makes the tests of a file depend on each other: after a failure it takes a screenshot and skips the rest, which the
 * result counts.
 */
export function oneAfterTheOther(window: () => Window): void {
  let hasFailed = false;
  beforeEach(function () {
    if (hasFailed) this.skip();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || hasFailed) return;
    hasFailed = true;
    // A failing screenshot must not hide the failure of the test.
    await window()
      .shot(`FAILED-${this.currentTest.title.replace(/\W+/g, '-')}`)
      .catch(() => undefined);
  });
}
