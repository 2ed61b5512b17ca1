import * as assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createApi, type ZeyosAuthApi } from '../../../src/api';
import { ZeyosAuthenticationProvider } from '../../../src/editor/authenticationProvider';
import { networkSettings } from '../../../src/editor/configuration';
import { instancesSetting } from '../../../src/editor/instancesSetting';
import { createServices, type Services } from '../../../src/services';
import type { SecretStorage } from '../../../src/session/storage/secretStorage';
import { systemClock, type Clock as ClockSeam } from '../../../src/base/clock';
import { FileLease } from '../../../src/base/fileLease';
import type { StoredAccount } from '../../../src/session/model/session';
import { FileTurn } from '../../../src/base/turn';
import { createSignIn } from '../../../src/signIn/signInServices';
import type { SignIn } from '../../../src/signIn/signIn';
import { CallbackServers } from '../../../src/signIn/browser/callbackServers';
import { StatusBar } from '../../../src/ui/status/statusBar';
import { OperationLog } from '../../../src/hiding/operationLog';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { Clock } from '../../support/clock';
import { MemoryLog } from '../../support/memoryLog';
import type { SandboxUser } from '../../support/sandbox/sandbox';
import { replace } from './replace';
import type { Vault } from './vault';

/**
 * A lifetime whose display does not change at once. With a clock that stands still, the status bar would reset its
 * timer forever.
 */
const LIFETIME_MS = 25 * 3_600_000 + 30_000;

export interface GraphOptions {
  /** Registers the provider in the editor as `zeyos-test`. Only one graph may do this at a time. */
  readonly registered?: boolean;
  /**
   * `standing`: the test turns the clock and so rings the alarms, while waits take real time. `turned`: the test also
   * ends the waits. `real`: the machine's clock. Default `standing`.
   */
  readonly time?: 'standing' | 'turned' | 'real';
  readonly clock?: Clock;
  /** What it reads and writes through; the vault's secrets unless told. */
  readonly through?: SecretStorage;
  /** Whether it gets no hints about changes of the secret storage, as while the machine sleeps. */
  readonly losesHints?: boolean;
}

/**
 * Everything that `extension.ts` builds except the commands, whose ids are already registered, over a real secret
 * storage that a test can inspect. Its provider is registered as `zeyos-test`.
 */
export class Graph {
  readonly clock: Clock;
  /** The setting of that name. */
  staySignedIn = false;
  readonly log = new MemoryLog();
  /** Failures that were shown to the user because no caller waited for them. */
  readonly failures: unknown[] = [];
  readonly events: vscode.AuthenticationProviderAuthenticationSessionsChangeEvent[] = [];
  readonly services: Services;
  readonly callbackServers: CallbackServers;
  readonly signIn: SignIn;
  readonly provider: ZeyosAuthenticationProvider;
  readonly api: ZeyosAuthApi;
  readonly statusBar: StatusBar;
  readonly item: vscode.StatusBarItem;
  /** The clock of the listeners that stay open after their sign-in. */
  readonly #lingering = new Clock();
  readonly #disposable: vscode.Disposable;

  private constructor(
    { context, memento, secrets }: Vault,
    {
      registered = false,
      time = 'standing',
      clock: its = new Clock(),
      through = secrets,
      losesHints = false,
    }: GraphOptions = {},
  ) {
    const log = new OperationLog(this.log);
    this.clock = its;
    const clock = this.#clockOf(time);
    this.callbackServers = new CallbackServers({
      ...systemClock,
      at: (moment, ring) => this.#lingering.at(moment, ring),
      now: this.#lingering.now,
    });
    const leases = join(context.globalStorageUri.fsPath, 'leases');
    const services = (this.services = createServices({
      fetch: (url, init) => globalThis.fetch(url, init),
      clock,
      log,
      secrets: {
        get: (key) => through.get(key),
        store: (key, value) => through.store(key, value),
        delete: (key) => through.delete(key),
        onDidChange: (listener) => (losesHints ? { dispose: () => undefined } : context.secrets.onDidChange(listener)),
      },
      memento,
      workspace: context.workspaceState,
      settings: {
        instances: instancesSetting,
        network: networkSettings,
        expiryWarningMs: () => 0,
        checkIntervalMs: () => 0,
        staySignedIn: () => this.staySignedIn,
      },
      lease: (name) => new FileLease(leases, name, { clock: systemClock, log }),
      turn: new FileTurn(leases, systemClock),
      isFocused: () => true,
      machineId: 'machine',
      editorStart: 'start',
      // The waits between tries take real time unless the test turns it.
      httpBounds: { exchangeMs: 5_000, totalMs: 5_000, backOffMs: [10, 30] },
    }));
    const { signIn, sessionRequests } = createSignIn(services, {
      callbackServers: this.callbackServers,
      showFailure: (error) => this.failures.push(error),
    });
    this.signIn = signIn;
    this.provider = new ZeyosAuthenticationProvider({ ...services, actions: sessionRequests });
    this.api = createApi(services);

    const items: vscode.StatusBarItem[] = [];
    const { createStatusBarItem } = vscode.window;
    const putBack = replace(
      vscode.window,
      'createStatusBarItem',
      (id: string, alignment: vscode.StatusBarAlignment, priority: number) => {
        const item = createStatusBarItem(id, alignment, priority);
        items.push(item);
        return item;
      },
    );
    this.statusBar = new StatusBar(services);
    putBack();
    assert.ok(items[0], 'there is no status bar item');
    this.item = items[0];

    this.#disposable = vscode.Disposable.from(
      this.provider.onDidChangeSessions((event) => this.events.push(event)),
      ...(registered
        ? [
            vscode.authentication.registerAuthenticationProvider('zeyos-test', 'ZeyOS Test', this.provider, {
              supportsMultipleAccounts: true,
            }),
          ]
        : []),
      this.provider,
      this.statusBar,
      services,
    );
    this.provider.start(services.firstRead);
  }

  get secrets(): Services['accountRecords'] {
    return this.services.accountRecords;
  }

  get store(): Services['store'] {
    return this.services.store;
  }

  get instances(): Services['instances'] {
    return this.services.instances;
  }

  get activity(): Services['activity'] {
    return this.services.activity;
  }

  get reachability(): Services['reachability'] {
    return this.services.reachability;
  }

  get rejectedClientSecrets(): Services['rejectedClientSecrets'] {
    return this.services.rejectedClientSecrets;
  }

  get passwordRequests(): Services['passwordRequests'] {
    return this.services.passwordRequests;
  }

  get revocations(): Services['revocations'] {
    return this.services.revocations;
  }

  get check(): Services['check'] {
    return this.services.check;
  }

  /** Begins the first read of the secret storage. */
  static begin(vault: Vault, options?: GraphOptions): Graph {
    return new Graph(vault, options);
  }

  /** Resolves after the secret storage has been read, however long that takes. */
  static async open(vault: Vault, options?: GraphOptions): Promise<Graph> {
    const graph = Graph.begin(vault, options);
    await graph.services.firstRead.read.catch(() => undefined);
    await graph.provider.getSessions(undefined, {});
    return graph;
  }

  /** Stores a session that no server knows. The default lifetime is a day and an hour. */
  async keep(
    instance: string,
    user: { readonly name: string; readonly sub?: string },
    lastsMs = LIFETIME_MS,
  ): Promise<StoredAccount> {
    const now = this.clock.now();
    const token = { value: randomBytes(20).toString('hex'), issuedAt: now, expiresAt: now + lastsMs };
    return this.store.signIn(
      PlatformUrl.parse(instance),
      { userName: user.name, ...(user.sub !== undefined && { sub: user.sub }) },
      { api: 'authV1', accessToken: token },
    );
  }

  /** Signs in at a server without prompts. */
  async signInAt(instance: string, user: SandboxUser): Promise<StoredAccount> {
    const platform = PlatformUrl.parse(instance);
    const { value } = await this.passwordRequests.request(platform, { username: user.name, password: user.password });
    const identity = { userName: user.name, ...(user.sub !== undefined && { sub: user.sub }) };
    return this.store.signIn(platform, identity, value);
  }

  account(id: string): StoredAccount {
    const found = this.store.find(id);
    assert.ok(found, `there is no account ${id}`);
    return found;
  }

  /** The events since the last call, as in `added max.power (cloud.zeyos.com/demo)`. */
  takeEvents(): readonly string[] {
    return this.events
      .splice(0)
      .flatMap((event) =>
        (['added', 'removed', 'changed'] as const).flatMap((kind) =>
          (event[kind] ?? []).map(({ account }) => `${kind} ${account.label}`),
        ),
      );
  }

  /** Ends the time for which a callback server stays after its sign-in. */
  endLingering(): void {
    this.#lingering.elapse(5_000);
  }

  #clockOf(time: 'standing' | 'turned' | 'real'): ClockSeam {
    if (time === 'real') return systemClock;
    if (time === 'turned') return this.clock;
    return { ...systemClock, now: this.clock.now, at: (moment, ring) => this.clock.at(moment, ring) };
  }

  close(): void {
    void this.callbackServers.closeAll();
    this.#disposable.dispose();
  }
}
