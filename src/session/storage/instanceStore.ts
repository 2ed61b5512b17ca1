import type { PlatformUrl } from '../../zeyos/address/platform';
import { isJsonObject } from '../../base/json';
import type { Memento } from './secretStorage';
import { Changes } from '../../base/changes';
import { parseInstances, REDIRECT_PORT, type Instance, type InstanceProblem, type Instances } from '../model/instance';
import { accountsOn } from '../model/accounts';
import { isSignedIn, type StoredAccount } from '../model/session';

interface Choice {
  readonly instance?: string;
  /** The id of the active account, by platform. */
  readonly accounts?: Readonly<Record<string, string>>;
}

const CHOICE = 'zeyos.active';

export interface InstancesSetting {
  /** The user may have written a value of any shape. */
  read(): unknown;
  write(entries: readonly unknown[]): PromiseLike<void>;
  onDidChange(listener: () => void): { dispose(): void };
}

export class InstanceStore {
  readonly #setting: InstancesSetting;
  readonly #workspace: Memento;
  readonly #changes = new Changes();
  readonly #activeChanges = new Changes();
  readonly #subscription: { dispose(): void };
  #lastParsed: Instances | undefined;

  readonly onDidChange = this.#changes.onDidChange;
  readonly onDidChangeActive = this.#activeChanges.onDidChange;

  constructor(seams: { setting: InstancesSetting; workspace: Memento }) {
    this.#setting = seams.setting;
    this.#workspace = seams.workspace;
    this.#subscription = this.#setting.onDidChange(() => this.#reread());
  }

  get instances(): readonly Instance[] {
    return this.#parsed.instances;
  }

  get problems(): readonly InstanceProblem[] {
    return this.#parsed.problems;
  }

  get warnings(): readonly InstanceProblem[] {
    return this.#parsed.warnings;
  }

  /** The instance chosen in this workspace, or else the first. */
  get active(): Instance | undefined {
    const { instance } = this.#choice;
    return (instance !== undefined && this.findByUrl(instance)) || this.instances[0];
  }

  find(platform: PlatformUrl): Instance | undefined {
    return this.instances.find((instance) => instance.platform.equals(platform));
  }

  /** @param href a canonical platform URL */
  findByUrl(href: string): Instance | undefined {
    return this.instances.find(({ platform }) => platform.href === href);
  }

  /** The account chosen in this workspace, or else the one signed in to last. */
  activeAccount(accounts: readonly StoredAccount[], instance = this.active): StoredAccount | undefined {
    if (!instance) return undefined;
    const here = accountsOn(accounts, instance.platform).filter(isSignedIn);
    const chosen = this.#choice.accounts?.[instance.platform.href];
    return (
      here.find(({ id }) => id === chosen) ??
      here.reduce<StoredAccount | undefined>(
        (last, stored) => (signedInAt(stored) > signedInAt(last) ? stored : (last ?? stored)),
        undefined,
      )
    );
  }

  activeFirst<T extends Pick<StoredAccount, 'id' | 'platform'>>(
    sessions: readonly T[],
    accounts: readonly StoredAccount[],
  ): readonly T[] {
    const { active } = this;
    const account = this.activeAccount(accounts);
    const rank = ({ id, platform }: T): number =>
      id === account?.id ? 0 : active && platform.equals(active.platform) ? 1 : 2;
    return [...sessions].sort((a, b) => rank(a) - rank(b));
  }

  async activate(instance: Instance, sessionId?: string): Promise<void> {
    const before = this.active;
    const { href } = instance.platform;
    const accounts = { ...this.#choice.accounts, ...(sessionId !== undefined && { [href]: sessionId }) };
    await this.#workspace.update(CHOICE, { instance: href, accounts } satisfies Choice);
    this.#fire(before);
  }

  async add(platform: PlatformUrl, name: string): Promise<Instance> {
    const entry = { url: platform.href, ...(name !== platform.instanceName && { name }) };
    await this.#update([...this.#entries, entry]);
    return this.find(platform) ?? { platform, name, redirectPort: REDIRECT_PORT };
  }

  /** `url` may be as written in the setting, or canonical. */
  hasEntry(url: string): boolean {
    return this.#indexOf(url) >= 0;
  }

  /** Finds the entry by its written or canonical URL. Keeps its other members, and keeps it active. */
  async changeUrl(from: string, platform: PlatformUrl): Promise<Instance | undefined> {
    const instance = this.findByUrl(from);
    const entries = this.#entries;
    const index = this.#indexOf(from);
    if (index < 0) return undefined;
    // First, so that no other instance becomes active in between.
    if (instance && instance === this.active)
      await this.#workspace.update(CHOICE, { ...this.#choice, instance: platform.href } satisfies Choice);
    await this.#update(entries.with(index, { ...(entries[index] as object), url: platform.href }));
    return this.find(platform);
  }

  async setClientId(instance: Instance, clientId: string): Promise<void> {
    await this.#update(
      this.#entries.map((entry) => (isEntryOf(entry, instance) ? { ...(entry as object), clientId } : entry)),
    );
  }

  async remove(instance: Instance): Promise<void> {
    await this.#update(this.#entries.filter((entry) => !isEntryOf(entry, instance)));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** Parsed at the first use: a window's start needs no instance. */
  get #parsed(): Instances {
    return (this.#lastParsed ??= parseInstances(this.#setting.read()));
  }

  get #choice(): Choice {
    return (this.#workspace.get(CHOICE) as Choice | undefined) ?? {};
  }

  get #entries(): readonly unknown[] {
    const value = this.#setting.read();
    return Array.isArray(value) ? (value as readonly unknown[]) : [];
  }

  #indexOf(url: string): number {
    const instance = this.findByUrl(url);
    return this.#entries.findIndex(
      (entry) => (isJsonObject(entry) && entry['url'] === url) || (instance && isEntryOf(entry, instance)),
    );
  }

  async #update(entries: readonly unknown[]): Promise<void> {
    await this.#setting.write(entries);
    this.#reread();
  }

  #reread(): void {
    const before = this.active;
    this.#lastParsed = undefined;
    this.#fire(before);
  }

  #fire(before: Instance | undefined): void {
    this.#changes.fire();
    if (before?.platform.href !== this.active?.platform.href) this.#activeChanges.fire();
  }
}

function isEntryOf(entry: unknown, { platform }: Instance): boolean {
  return parseInstances([entry]).instances.some((parsed) => parsed.platform.equals(platform));
}

function signedInAt(stored: StoredAccount | undefined): number {
  return stored?.session?.signedInAt ?? -1;
}
