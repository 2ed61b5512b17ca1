import type { Fetch } from '../../src/zeyos/transport/http';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { createServices, type Services } from '../../src/services';
import type { Secrets } from '../../src/session/storage/accountSecrets';
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
import { heardBy } from './window';

/** An entry of `zeyos.instances`. */
interface ConfiguredInstance {
  readonly url: string;
  readonly clientId?: string;
}

/** What one window works with. */
export type SceneWindow = Services;

export interface SceneWindowSeams {
  /** What it reads and writes through; the shared secrets unless told. */
  readonly through?: Secrets;
  /** The clock of all windows of the scene, unless set. */
  readonly clock?: Clock;
  readonly fetch?: Fetch;
  /** Where it takes its leases from; those of all windows unless told. */
  readonly leases?: Leases;
  /** How long a call waits for its answer; as in every window of the scene unless told. */
  readonly exchangeMs?: number;
}

/** One window and one ZeyOS, and more windows on demand, with one clock between them. No call is retried by itself. */
export interface Scene extends SceneWindow {
  readonly clock: Clock;
  readonly log: MemoryLog;
  readonly sandbox: Sandbox;
  readonly platform: PlatformUrl;
  /** What windows send their requests with. */
  readonly fetch: Fetch;
  /** Changes the setting `zeyos.instances` of all windows. */
  configure(instances: readonly ConfiguredInstance[]): void;
  readonly secrets: MemorySecrets;
  readonly clientSecrets: ClientSecrets;
  /** Those of all windows. */
  readonly leases: Leases;
  /** One more window of the same editor; it has not read anything yet. */
  openWindow(seams?: SceneWindowSeams): SceneWindow;
  /** Signs in as the extension does after the prompts; its expiry is known unless told. */
  signIn(options?: { knowsExpiry?: boolean; keepsPassword?: boolean }): Promise<StoredAccount>;
  /** Signs in through the browser: for an hour, and renewable for 100 days. */
  signInByBrowser(): Promise<StoredAccount>;
  /** The account as it is now. */
  account(id: string): StoredAccount;
  end(): Promise<void>;
}

/** Leases by name, as the files of one folder are. */
export class Leases {
  readonly #leases = new Map<string, MemoryLease>();
  readonly #others: Leases | undefined;

  /** @param others whose leases they are, but for those that somebody else took over, whose names begin so */
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

/** @param exchangeMs how long a call waits for its answer */
export async function startScene(exchangeMs = 10_000): Promise<Scene> {
  const clock = new Clock();
  const log = new MemoryLog();
  const sandbox = await Sandbox.start({ now: clock.now });
  const platform = PlatformUrl.parse(sandbox.url('demo'));
  const secrets = new MemorySecrets();
  const clientSecrets = new ClientSecrets(secrets);
  const shared = new Leases();
  const memory = new MemoryMemento();
  const reconfigured = new Changes();
  let configured: readonly ConfiguredInstance[] = [{ url: platform.href, clientId: vscodeApplication.client_id }];
  const closing: (() => void)[] = [];

  const open = ({
    through = secrets,
    clock: windowClock = clock,
    fetch: its = standingFetch(windowClock, sandbox),
    leases = shared,
    exchangeMs: boundMs = exchangeMs,
  }: SceneWindowSeams = {}): SceneWindow => {
    const services = createServices(
      memorySeams({
        fetch: its,
        clock: windowClock,
        log,
        secrets: heardBy(secrets, through),
        memory,
        settings: {
          instances: {
            read: () => configured,
            write: () => Promise.resolve(),
            onDidChange: (listener) => reconfigured.onDidChange(listener),
          },
        },
        lease: (name) => leases.get(name),
        httpBounds: { exchangeMs: boundMs, backOffMs: [] },
      }),
    );
    closing.push(() => services.dispose());
    return services;
  };
  const window = open();
  const { store, tokens } = window;
  const keep = async (kept: TokenSet): Promise<StoredAccount> => {
    const stored = await store.signIn(platform, { userName: maxPower.name }, kept);
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
      const { value } = await tokens.requestByPassword(platform, {
        username: maxPower.name,
        password: maxPower.password,
      });
      const { expiresAt: _expiresAt, ...unknown } = value.accessToken;
      return keep({
        ...value,
        ...(!knowsExpiry && { accessToken: unknown }),
        ...(keepsPassword && { password: maxPower.password }),
      });
    },
    signInByBrowser: async () => {
      const { client_id: clientId, client_secret: clientSecret } = vscodeApplication;
      await clientSecrets.store(platform, { clientId, clientSecret });
      const { access_token, refresh_token } = await new OAuth2Client(sandbox).issued();
      const { accessLifetimeSeconds, refreshLifetimeSeconds } = sandbox.instance('demo').oauth2;
      const issuedAt = clock.now();
      return keep({
        surface: 'oauth2',
        accessToken: { value: access_token, issuedAt, expiresAt: issuedAt + accessLifetimeSeconds * 1000 },
        refreshToken: { value: refresh_token, expiresAt: issuedAt + refreshLifetimeSeconds * 1000 },
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
