import type { Fetch } from '../../src/zeyos/transport/http';
import { savedPassword, type SavedPassword } from '../../src/session/model/grant';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { createServices, type Services } from '../../src/services';
import type { SecretStorage } from '../../src/session/storage/secretStorage';
import { Changes } from '../../src/base/changes';
import { ClientSecrets } from '../../src/session/storage/clientSecrets';
import type { StoredAccount, TokenSet } from '../../src/session/model/session';
import { Clock } from './clock';
import { standingFetch } from './standingFetch';
import { MemoryLease } from './memoryLease';
import { MemoryLog } from './memoryLog';
import { MemoryMemento } from './memoryMemento';
import { MemorySecrets } from './memorySecrets';
import { maxPower, vscodeApplication } from './sandbox/fixtures';
import { OAuth2Client } from './sandbox/oauth2Client';
import { Sandbox } from './sandbox/sandbox';
import { memorySeams } from './seams';
import { withEventsOf } from './window';

interface ConfiguredInstance {
  readonly url: string;
  readonly clientId?: string;
}

export type SceneWindow = Services;

export interface SceneWindowSeams {
  /** Secret storage of the window. The default is the shared one. */
  readonly through?: SecretStorage;
  /** The clock of all windows of the scene, unless set. */
  readonly clock?: Clock;
  readonly fetch?: Fetch;
  /** Leases of the window. The default are the shared ones. */
  readonly leases?: Leases;
  /** Time limit of an HTTP exchange. The default is that of the scene. */
  readonly exchangeMs?: number;
}

/** A window, a sandbox, and further windows on demand, with a common clock. No request is repeated automatically. */
export interface Scene extends SceneWindow {
  readonly clock: Clock;
  readonly log: MemoryLog;
  readonly sandbox: Sandbox;
  readonly platform: PlatformUrl;
  /** What windows send their requests with. */
  readonly fetch: Fetch;
  /** Changes the setting `zeyos.instances` in all windows. */
  configure(instances: readonly ConfiguredInstance[]): void;
  readonly secrets: MemorySecrets;
  readonly clientSecrets: ClientSecrets;
  /** The leases that all windows share. */
  readonly leases: Leases;
  /** Opens another window of the same editor, which has not read the secret storage. */
  openWindow(seams?: SceneWindowSeams): SceneWindow;
  /** Signs in with a password as the extension does after its prompts. By default the end of the token is known. */
  signIn(options?: { knowsExpiry?: boolean; keepsPassword?: boolean }): Promise<StoredAccount>;
  /** Signs in through the browser. The access token lasts an hour, the refresh token 100 days. */
  signInByBrowser(): Promise<StoredAccount>;
  account(id: string): StoredAccount;
  end(): Promise<void>;
}

/** Leases by name, like files in a folder. */
export class Leases {
  readonly #leases = new Map<string, MemoryLease>();
  readonly #others: Leases | undefined;

  /**
   * @param others leases to share, except for those with the prefix `takenOver`, which another process has taken over
   */
  constructor(
    others?: Leases,
    private readonly takenOver = '',
  ) {
    this.#others = others;
  }

  get(name: string): MemoryLease {
    if (this.#others && !name.startsWith(this.takenOver)) return this.#others.get(name);
    const lease = this.#leases.get(name) ?? new MemoryLease();
    this.#leases.set(name, lease);
    return lease;
  }
}

export async function startScene(): Promise<Scene> {
  // Loaded before the first request, because a clock that stands still does not wait for a module to load.
  await import('../../src/zeyos/transport/instanceFetch.js');
  const clock = new Clock();
  const log = new MemoryLog();
  const sandbox = await Sandbox.start({ now: clock.now });
  const platform = PlatformUrl.parse(sandbox.url('demo'));
  const secrets = new MemorySecrets();
  const clientSecrets = new ClientSecrets(secrets);
  const shared = new Leases();
  const memento = new MemoryMemento();
  const reconfigured = new Changes();
  let configured: readonly ConfiguredInstance[] = [{ url: platform.href, clientId: vscodeApplication.client_id }];
  const closing: (() => void)[] = [];

  const open = ({
    through = secrets,
    clock: windowClock = clock,
    fetch: its = standingFetch(windowClock, sandbox),
    leases = shared,
    exchangeMs = 10_000,
  }: SceneWindowSeams = {}): SceneWindow => {
    const services = createServices(
      memorySeams({
        fetch: its,
        clock: windowClock,
        log,
        secrets: withEventsOf(secrets, through),
        memento,
        settings: {
          instances: {
            read: () => configured,
            write: () => Promise.resolve(),
            onDidChange: (listener) => reconfigured.onDidChange(listener),
          },
        },
        lease: (name) => leases.get(name),
        httpBounds: { exchangeMs, backOffMs: [] },
      }),
    );
    closing.push(() => services.dispose());
    return services;
  };
  const window = open();
  const { store, passwordRequests } = window;
  const keep = async (kept: TokenSet, password?: SavedPassword): Promise<StoredAccount> => {
    const stored = await store.signIn(platform, { userName: maxPower.name }, kept, password);
    sandbox.clearRequests();
    return stored;
  };

  return {
    ...window,
    clock,
    fetch: standingFetch(clock, sandbox),
    log,
    sandbox,
    platform,
    secrets,
    clientSecrets,
    leases: shared,
    openWindow: open,
    configure: (instances) => {
      configured = instances;
      reconfigured.fire();
    },
    signIn: async ({ knowsExpiry = true, keepsPassword = false } = {}) => {
      const { value } = await passwordRequests.request(platform, {
        username: maxPower.name,
        password: maxPower.password,
      });
      const { expiresAt: _expiresAt, ...unknown } = value.accessToken;
      return keep(
        { ...value, ...(!knowsExpiry && { accessToken: unknown }) },
        keepsPassword ? savedPassword(maxPower.password) : undefined,
      );
    },
    signInByBrowser: async () => {
      const { client_id: clientId, client_secret: clientSecret } = vscodeApplication;
      await clientSecrets.store(platform, { clientId, clientSecret });
      const { access_token, refresh_token } = await new OAuth2Client(sandbox).issued();
      const { accessLifetimeSeconds, refreshLifetimeSeconds } = sandbox.instance('demo').oauth2;
      const issuedAt = clock.now();
      return keep({
        api: 'oauth2',
        accessToken: { value: access_token, issuedAt, expiresAt: issuedAt + accessLifetimeSeconds * 1000 },
        grant: { kind: 'refreshToken', value: refresh_token, expiresAt: issuedAt + refreshLifetimeSeconds * 1000 },
        clientId,
      });
    },
    account: (id) => {
      const found = store.find(id);
      if (!found) throw new Error(`There is no account ${id}`);
      return found;
    },
    end: async () => {
      closing.forEach((close) => close());
      await sandbox.stop();
    },
  };
}
