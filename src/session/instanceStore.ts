import * as vscode from 'vscode';
import { CONFIGURATION, SETTINGS } from '../manifest';
import type { PlatformUrl } from '../zeyos/platform';
import { isJsonObject } from '../zeyos/json';
import { parseInstances, REDIRECT_PORT, type Instance, type InstanceProblem, type Instances } from './instance';
import { isSignedIn, type StoredAccount } from './session';

/** What this workspace remembers. */
interface Choice {
  /** The active instance's platform URL. */
  readonly instance?: string;
  /** The active account's session id, by platform URL. */
  readonly accounts?: Readonly<Record<string, string>>;
}

const CHOICE = 'zeyos.active';

/** The configured instances, and which of them is active in this workspace. */
export class InstanceStore {
  readonly #workspaceState: vscode.Memento;
  readonly #changes = new vscode.EventEmitter<void>();
  readonly #activeChanges = new vscode.EventEmitter<void>();
  readonly #disposable: vscode.Disposable;
  #read: Instances;

  readonly onDidChange = this.#changes.event;
  readonly onDidChangeActive = this.#activeChanges.event;

  constructor(workspaceState: vscode.Memento) {
    this.#workspaceState = workspaceState;
    this.#read = readSetting();
    const subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${CONFIGURATION}.instances`)) this.#reread();
    });
    this.#disposable = vscode.Disposable.from(subscription, this.#changes, this.#activeChanges);
  }

  get instances(): readonly Instance[] {
    return this.#read.instances;
  }

  get problems(): readonly InstanceProblem[] {
    return this.#read.problems;
  }

  get warnings(): readonly InstanceProblem[] {
    return this.#read.warnings;
  }

  /** The instance chosen in this workspace, else the first. */
  get active(): Instance | undefined {
    const { instance } = this.#choice;
    return (instance && this.find(instance)) || this.instances[0];
  }

  /** @param href a canonical platform URL */
  find(href: string): Instance | undefined {
    return this.instances.find(({ platform }) => platform.href === href);
  }

  /** Of an instance's accounts the one chosen in this workspace, else the one that was signed in to last; of the active instance unless told. */
  activeAccount(accounts: readonly StoredAccount[], instance = this.active): StoredAccount | undefined {
    if (!instance) return undefined;
    const here = accounts.filter((stored) => stored.instance === instance.platform.href && isSignedIn(stored));
    const chosen = this.#choice.accounts?.[instance.platform.href];
    return (
      here.find(({ id }) => id === chosen) ??
      here.reduce<StoredAccount | undefined>(
        (last, stored) => (signedInAt(stored) > signedInAt(last) ? stored : (last ?? stored)),
        undefined,
      )
    );
  }

  /** Puts the active account first, then those of the active instance. */
  activeFirst<T extends Pick<StoredAccount, 'id' | 'instance'>>(sessions: readonly T[], accounts: readonly StoredAccount[]): readonly T[] {
    const { active } = this;
    const account = this.activeAccount(accounts);
    const rank = ({ id, instance }: T): number => (id === account?.id ? 0 : instance === active?.platform.href ? 1 : 2);
    return [...sessions].sort((a, b) => rank(a) - rank(b));
  }

  /** Makes an instance the active one of this workspace, and a session the active one of that instance. */
  async activate(instance: Instance, sessionId?: string): Promise<void> {
    const before = this.active;
    const { href } = instance.platform;
    const accounts = { ...this.#choice.accounts, ...(sessionId !== undefined && { [href]: sessionId }) };
    await this.#workspaceState.update(CHOICE, { instance: href, accounts } satisfies Choice);
    this.#fire(before);
  }

  /** Adds an entry to the setting. Resolves to what it is read as. */
  async add(platform: PlatformUrl, name: string): Promise<Instance> {
    const entry = { url: platform.href, ...(name !== platform.instance && { name }) };
    await this.#update([...settingEntries(), entry]);
    return this.find(platform.href) ?? { platform, name, redirectPort: REDIRECT_PORT };
  }

  /** Whether the setting has an entry with this `url`, as it is written there or in canonical form. */
  hasEntry(url: string): boolean {
    return this.#indexOf(url) >= 0;
  }

  /**
   * Writes another URL into an entry, and leaves everything else in it as it is. If the instance is the active one, it stays so.
   * @param from the `url` as it is written in the entry, or the canonical platform URL
   * @returns `undefined` if there is no such entry
   */
  async changeUrl(from: string, platform: PlatformUrl): Promise<Instance | undefined> {
    const instance = this.find(from);
    const entries = settingEntries();
    const index = this.#indexOf(from);
    if (index < 0) return undefined;
    // Before the setting changes, so that no other instance becomes the active one in between.
    if (instance && instance === this.active)
      await this.#workspaceState.update(CHOICE, { ...this.#choice, instance: platform.href } satisfies Choice);
    await this.#update(entries.with(index, { ...(entries[index] as object), url: platform.href }));
    return this.find(platform.href);
  }

  /** Writes the application's identifier into the instance's entry. */
  async setClientId(instance: Instance, clientId: string): Promise<void> {
    await this.#update(settingEntries().map((entry) => (isEntryOf(entry, instance) ? { ...(entry as object), clientId } : entry)));
  }

  /** Removes the entry, and leaves the others as they are written. */
  async remove(instance: Instance): Promise<void> {
    await this.#update(settingEntries().filter((entry) => !isEntryOf(entry, instance)));
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  get #choice(): Choice {
    return this.#workspaceState.get<Choice>(CHOICE, {});
  }

  #indexOf(url: string): number {
    const instance = this.find(url);
    return settingEntries().findIndex((entry) => (isJsonObject(entry) && entry['url'] === url) || (instance && isEntryOf(entry, instance)));
  }

  async #update(entries: readonly unknown[]): Promise<void> {
    await vscode.workspace.getConfiguration(CONFIGURATION).update('instances', entries, vscode.ConfigurationTarget.Global);
    this.#reread();
  }

  #reread(): void {
    const before = this.active;
    this.#read = readSetting();
    this.#fire(before);
  }

  #fire(before: Instance | undefined): void {
    this.#changes.fire();
    if (before?.platform.href !== this.active?.platform.href) this.#activeChanges.fire();
  }
}

function isEntryOf(entry: unknown, { platform }: Instance): boolean {
  return parseInstances([entry]).instances.some((parsed) => parsed.platform.href === platform.href);
}

function signedInAt(stored: StoredAccount | undefined): number {
  return stored?.session?.signedInAt ?? -1;
}

function setting(): unknown {
  return vscode.workspace.getConfiguration(CONFIGURATION).get('instances', SETTINGS.instances);
}

function settingEntries(): readonly unknown[] {
  const value = setting();
  return Array.isArray(value) ? value : [];
}

function readSetting(): Instances {
  return parseInstances(setting());
}
