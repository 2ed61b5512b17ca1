import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { temporaryFolder } from '../support/cleanUp';
import { waitForBridge, type Bridge } from '../support/host/bridge';
import { launchPersistent } from '../support/host/browser';
import { startHost, type Host } from '../support/host/host';
import { shareSecrets } from '../support/host/sharedSecrets';
import { parseEditorVersion, type EditorVersion } from '../support/host/versions';
import { Workbench } from '../support/host/workbench';
import { bridge, cache, consumer, vsix } from '../support/paths';
import { Sandbox } from '../support/sandbox/sandbox';

export const STATUS = 'zeyos.zeyos-auth.zeyos.status';

/** So that the pictures sort as they were taken. */
let shots = 0;

export interface EditorOptions {
  readonly settings?: (sandbox: Sandbox) => Readonly<Record<string, unknown>>;
  readonly colorScheme?: 'light' | 'dark';
  readonly sandbox?: Parameters<typeof Sandbox.start>[0];
  /** Folders of further extensions. */
  readonly extensions?: readonly string[];
  /** Variables for the editor's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Puts one store in the place of the editor's own secret storage, which the served editor has for each window by itself: for
   * stories with two windows, where it does as the desktop does, and for those that look at what is stored.
   */
  readonly sharesSecrets?: boolean;
}

/** A window: what its user sees, and a way into its extension host. */
export interface Window {
  readonly workbench: Workbench;
  readonly bridge: Bridge;
  /** Keeps a picture among the run's artefacts. */
  shot(name: string): Promise<void>;
}

/** An editor with the packaged extension, a consumer extension, and a ZeyOS to sign in to; all of one test file. */
export class Editor {
  readonly version: EditorVersion;
  readonly sandbox: Sandbox;
  readonly host: Host;
  /** The browser's profile is in it. */
  readonly folder: string;
  readonly #context: BrowserContext;
  readonly #bridgeFolder: string;
  readonly #remove: () => void;
  readonly #secrets: Map<string, string> | undefined;
  #windows = 0;
  /** Each window counts once more when it is loaded again. */
  #loads = 0;

  private constructor(parts: {
    version: EditorVersion;
    sandbox: Sandbox;
    host: Host;
    secrets: Map<string, string> | undefined;
    folder: string;
    context: BrowserContext;
    bridgeFolder: string;
    remove: () => void;
  }) {
    this.version = parts.version;
    this.sandbox = parts.sandbox;
    this.host = parts.host;
    this.#secrets = parts.secrets;
    this.folder = parts.folder;
    this.#context = parts.context;
    this.#bridgeFolder = parts.bridgeFolder;
    this.#remove = parts.remove;
  }

  static async start({
    settings,
    colorScheme = 'dark',
    sandbox: sandboxOptions,
    extensions = [],
    env,
    sharesSecrets = false,
  }: EditorOptions = {}): Promise<Editor> {
    const version = parseEditorVersion(process.env['ZEYOS_TEST_EDITOR'] ?? '1.139');
    const folder = temporaryFolder('e2e');
    const bridgeFolder = join(folder.path, 'bridge');
    mkdirSync(bridgeFolder);
    const sandbox = await Sandbox.start(sandboxOptions);
    const host = await startHost({
      version,
      extensions: [vsix, consumer, bridge, ...extensions],
      settings: { 'window.autoDetectColorScheme': true, ...byPassword(settings?.(sandbox)) },
      env: { ...env, BRIDGE_DIR: bridgeFolder },
      trustedDomains: ['http://127.0.0.1:*', 'http://127.0.0.2:*'],
    });
    const context = await launchPersistent(join(folder.path, 'profile'), {
      colorScheme,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const secrets = sharesSecrets ? await shareSecrets(context) : undefined;
    return new Editor({
      version,
      sandbox,
      host,
      secrets,
      folder: folder.path,
      context,
      bridgeFolder,
      remove: () => folder.remove(),
    });
  }

  /** What is stored, by the editor's names for it. */
  get secrets(): Map<string, string> {
    return this.#secrets ?? assert.fail('only a store that is shared can be looked into');
  }

  async open(): Promise<Window> {
    assert.ok(this.#windows === 0 || this.#secrets, 'two windows need a store that they share');
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

  /** Opens a `.code-workspace` file in place of what the window has open. */
  async openWorkspace({ workbench }: Window, file: string): Promise<Window> {
    await workbench.open(this.host.workspaceUrl(file), STATUS);
    return this.#window(workbench);
  }

  /** The next tab that something opens outside the editor. */
  nextTab(): Promise<Page> {
    return this.#context.waitForEvent('page');
  }

  async stop(): Promise<void> {
    await this.#context.close();
    await this.host.stop();
    await this.sandbox.stop();
    this.#remove();
  }

  async #window(workbench: Workbench): Promise<Window> {
    const windowBridge = await waitForBridge(this.#bridgeFolder, ++this.#loads, 90_000);
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

/** Most stories are about signing in by password, and need not be asked how. */
export function byPassword(settings: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const instances = settings['zeyos.instances'];
  return Array.isArray(instances)
    ? { ...settings, 'zeyos.instances': instances.map((instance: object) => ({ signIn: 'password', ...instance })) }
    : settings;
}

/** Waits until a condition holds, for something that has no event in the page. */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 30_000,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The status bar item's text, once it matches. */
export async function status({ workbench }: Window, text: RegExp): Promise<void> {
  await workbench.statusItem(STATUS).filter({ hasText: text }).waitFor();
}

/** Waits for an icon in the status bar item; one that the editor does not have would take up no room, and say nothing. */
export async function statusIcon({ workbench }: Window, icon: string, timeout?: number): Promise<void> {
  const locator = workbench.statusItem(STATUS).locator(`.codicon-${icon}`);
  await locator.waitFor(timeout === undefined ? {} : { timeout });
  const glyph = await workbench.page.evaluate<string>(
    `getComputedStyle(document.querySelector('[id="${STATUS}"] .codicon-${icon}'), '::before').content`,
  );
  if (glyph === 'none') throw new Error(`the editor has no icon ${icon}`);
}

/** For tests that are the steps of one story: a step that fails is pictured, and those after it are skipped, which is counted. */
export function oneAfterTheOther(window: () => Window): void {
  let hasFailed = false;
  beforeEach(function () {
    if (hasFailed) this.skip();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || hasFailed) return;
    hasFailed = true;
    // Should there be nothing to take a picture of, what failed is told all the same.
    await window()
      .shot(`FAILED-${this.currentTest.title.replace(/\W+/g, '-')}`)
      .catch(() => undefined);
  });
}
