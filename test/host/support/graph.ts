import * as assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createApi, type ZeyosAuthApi } from '../../../src/api';
import { AccountSecrets } from '../../../src/session/accountSecrets';
import { Activity } from '../../../src/session/activity';
import { ZeyosAuthenticationProvider } from '../../../src/session/authenticationProvider';
import { RejectedSecrets } from '../../../src/session/rejectedSecrets';
import { ClientSecrets } from '../../../src/session/clientSecrets';
import { FirstRead } from '../../../src/session/firstRead';
import { InstanceStore } from '../../../src/session/instanceStore';
import { FileLease } from '../../../src/session/lease';
import { LegacyInstances } from '../../../src/session/legacyInstances';
import { Reachability } from '../../../src/session/reachability';
import { RefusedTokens } from '../../../src/session/refusedTokens';
import { Renewal } from '../../../src/session/renewal';
import { Revocations } from '../../../src/session/revocations';
import type { StoredAccount } from '../../../src/session/session';
import { SessionCheck } from '../../../src/session/sessionCheck';
import { SessionStore } from '../../../src/session/sessionStore';
import { Tokens } from '../../../src/session/tokens';
import { UnusedClientSecrets } from '../../../src/session/unusedClientSecrets';
import { AddInstance } from '../../../src/signIn/addInstance';
import { SessionRequests } from '../../../src/signIn/sessionRequests';
import { SignIn } from '../../../src/signIn/signIn';
import { StatusBar } from '../../../src/ui/statusBar';
import { HttpClient } from '../../../src/zeyos/http';
import { OperationLog } from '../../../src/zeyos/operationLog';
import { PlatformUrl } from '../../../src/zeyos/platform';
import { Clock } from '../../support/clock';
import { MemoryLog } from '../../support/memoryLog';
import type { SandboxUser } from '../../support/sandbox/sandbox';
import { replace } from './replace';
import type { Vault } from './vault';

/** Nothing that is shown changes right away: where the clock stands still, the status bar would wait for it in vain, again and again. */
const LIFETIME_MS = 25 * 3_600_000 + 30_000;

export interface GraphOptions {
  /** Whether the editor gets to know its provider, as `zeyos-test`: one graph at a time. */
  readonly registered?: boolean;
  readonly now?: () => number;
  /** How long whoever asks for a session waits for it, in milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * What `extension.ts` builds, save the commands, whose names are taken, over a real secret storage that a test can look
 * into. Its provider is called `zeyos-test`.
 */
export class Graph {
  readonly clock = new Clock();
  readonly log = new MemoryLog();
  /** What was shown to nobody but the user, because nobody waited any more. */
  readonly failures: unknown[] = [];
  readonly events: vscode.AuthenticationProviderAuthenticationSessionsChangeEvent[] = [];
  readonly secrets: AccountSecrets;
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly activity = new Activity();
  readonly reachability = new Reachability();
  readonly rejectedSecrets = new RejectedSecrets();
  readonly tokens: Tokens;
  readonly revocations: Revocations;
  readonly check: SessionCheck;
  readonly signIn: SignIn;
  readonly provider: ZeyosAuthenticationProvider;
  readonly api: ZeyosAuthApi;
  readonly statusBar: StatusBar;
  /** What the status bar shows, as the editor has it. */
  readonly item: vscode.StatusBarItem;
  readonly #firstRead: Promise<void>;
  readonly #disposable: vscode.Disposable;

  private constructor({ context, memory }: Vault, { registered = false, now = this.clock.now, deadlineMs }: GraphOptions = {}) {
    const log = new OperationLog(this.log);
    this.secrets = new AccountSecrets(context.secrets, log, memory);
    const leases = join(context.globalStorageUri.fsPath, 'leases');
    const lease = new FileLease(leases, 'accounts', log);
    const clientSecrets = new ClientSecrets(context.secrets);
    const store = (this.store = new SessionStore({ secrets: this.secrets, lease, now, log }));
    const instances = (this.instances = new InstanceStore(context.workspaceState));
    const { activity, reachability } = this;
    const http = new HttpClient({ fetch: (url, init) => globalThis.fetch(url, init), now, log, bounds: { exchangeMs: 5_000, totalMs: 5_000 } });
    const tokens = (this.tokens = new Tokens({ http, store, clientSecrets, legacy: new LegacyInstances(context.globalState), reachability, machineId: 'machine' }));
    const unusedSecrets = new UnusedClientSecrets({ clientSecrets, store, instances: () => instances.instances });
    const revocations = (this.revocations = new Revocations({ tokens, store, now, log }));
    const renewal = new Renewal({ store, tokens, revocations, rejectedSecrets: this.rejectedSecrets, lease: (id) => new FileLease(leases, `renewal.${id}`, log), now, log });
    const check = (this.check = new SessionCheck({ store, tokens, renewal }));
    const addInstance = new AddInstance({ http, instances, activity });
    const signIn = (this.signIn = new SignIn({ store, instances, tokens, clientSecrets, unusedSecrets, revocations, addInstance, activity, staySignedIn: () => false, now, log }));
    const actions = new SessionRequests({ store, instances, signIn, addInstance, revocations, renewal, clientSecrets, now, log, showFailure: (error) => this.failures.push(error), ...(deadlineMs !== undefined && { deadlineMs }) });
    this.provider = new ZeyosAuthenticationProvider({ store, instances, actions, now, log });
    this.api = createApi({ instances, store, refusedTokens: new RefusedTokens({ firstRead: new FirstRead(Promise.resolve()), store, check, now }) });

    const items: vscode.StatusBarItem[] = [];
    const { createStatusBarItem } = vscode.window;
    const putBack = replace(vscode.window, 'createStatusBarItem', (id: string, alignment: vscode.StatusBarAlignment, priority: number) => {
      const item = createStatusBarItem(id, alignment, priority);
      items.push(item);
      return item;
    });
    this.statusBar = new StatusBar({ store, instances, reachability, activity, rejectedSecrets: this.rejectedSecrets, now });
    putBack();
    assert.ok(items[0], 'there is no status bar item');
    this.item = items[0];

    this.#disposable = vscode.Disposable.from(
      this.provider.onDidChangeSessions((event) => this.events.push(event)),
      ...(registered ? [vscode.authentication.registerAuthenticationProvider('zeyos-test', 'ZeyOS Test', this.provider, { supportsMultipleAccounts: true })] : []),
      context.secrets.onDidChange(({ key }) => this.secrets.owns(key) && void store.refresh().catch(() => undefined)),
      this.provider, instances, revocations, unusedSecrets, this.statusBar,
    );
    this.#firstRead = store.refresh();
    this.provider.start(new FirstRead(this.#firstRead));
  }

  /** Resolves when the secret storage has been read, however long that takes. */
  static async open(vault: Vault, options?: GraphOptions): Promise<Graph> {
    const graph = new Graph(vault, options);
    await graph.#firstRead.catch(() => undefined);
    await graph.provider.getSessions(undefined, {});
    return graph;
  }

  /** Keeps a session that no server knows of; it lasts a day and an hour unless told. */
  async keep(instance: string, user: { readonly name: string; readonly sub?: string }, lastsMs = LIFETIME_MS): Promise<StoredAccount> {
    const now = this.clock.now();
    const token = { value: randomBytes(20).toString('hex'), issuedAt: now, expiresAt: now + lastsMs };
    return this.store.signIn(PlatformUrl.parse(instance), { userName: user.name, ...(user.sub !== undefined && { sub: user.sub }) }, { surface: 'authV1', accessToken: token });
  }

  /** Signs in at a server, without the prompts. */
  async signInAt(instance: string, user: SandboxUser): Promise<StoredAccount> {
    const platform = PlatformUrl.parse(instance);
    const { value } = await this.tokens.requestByPassword(platform, { username: user.name, password: user.password });
    const identity = { userName: user.name, ...(user.sub !== undefined && { sub: user.sub }) };
    return this.store.signIn(platform, identity, value);
  }

  /** The account as it is now. */
  account(id: string): StoredAccount {
    const found = this.store.find(id);
    assert.ok(found, `there is no account ${id}`);
    return found;
  }

  /** What the editor was told since the last time this was asked, as in `added max.power (cloud.zeyos.com/demo)`. */
  takeEvents(): readonly string[] {
    return this.events.splice(0).flatMap((event) => (['added', 'removed', 'changed'] as const).flatMap((kind) => (event[kind] ?? []).map(({ account }) => `${kind} ${account.label}`)));
  }

  close(): void {
    this.#disposable.dispose();
  }
}
