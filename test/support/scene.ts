import { PlatformUrl } from '../../src/zeyos/platform';
import { Reachability } from '../../src/session/reachability';
import { ClientSecrets } from '../../src/session/clientSecrets';
import { Renewal } from '../../src/session/renewal';
import { Revocations } from '../../src/session/revocations';
import type { StoredAccount } from '../../src/session/session';
import { SessionCheck } from '../../src/session/sessionCheck';
import type { SessionStore } from '../../src/session/sessionStore';
import { Tokens } from '../../src/session/tokens';
import { Clock } from './clock';
import { MemoryLease } from './memoryLease';
import { MemoryLog } from './memoryLog';
import { MemorySecrets } from './memorySecrets';
import { OnceClient } from './onceClient';
import { maxPower } from './sandbox/fixtures';
import { Sandbox } from './sandbox/sandbox';
import { openWindow } from './window';

/** One window and one ZeyOS, with one clock between them. No call is retried by itself. */
export interface Scene {
  readonly clock: Clock;
  readonly log: MemoryLog;
  readonly sandbox: Sandbox;
  readonly platform: PlatformUrl;
  readonly secrets: MemorySecrets;
  readonly clientSecrets: ClientSecrets;
  readonly store: SessionStore;
  readonly reachability: Reachability;
  readonly tokens: Tokens;
  readonly revocations: Revocations;
  readonly renewal: Renewal;
  readonly check: SessionCheck;
  /** Signs in as the extension does after the prompts; its expiry is known unless told. */
  signIn(options?: { knowsExpiry?: boolean }): Promise<StoredAccount>;
  /** The account as it is now. */
  account(id: string): StoredAccount;
  end(): Promise<void>;
}

/** @param exchangeMs how long a call waits for its answer */
export async function startScene(exchangeMs = 10_000): Promise<Scene> {
  const clock = new Clock();
  const log = new MemoryLog();
  const sandbox = await Sandbox.start({ now: clock.now });
  const platform = PlatformUrl.parse(sandbox.url('demo'));
  const http = new OnceClient({ fetch, now: clock.now, log, bounds: { exchangeMs } });
  const secrets = new MemorySecrets();
  const { store, close } = openWindow(secrets, { now: clock.now, log });
  const reachability = new Reachability();
  const clientSecrets = new ClientSecrets(secrets);
  const legacyInstances = new Set<string>();
  const legacy = { has: (instance: string) => legacyInstances.has(instance), set: (instance: string, isLegacy: boolean) => void (isLegacy ? legacyInstances.add(instance) : legacyInstances.delete(instance)) };
  const tokens = new Tokens({ http, store, clientSecrets, legacy, reachability, machineId: 'machine' });
  const revocations = new Revocations({ tokens, store, now: clock.now, log });
  const lease = new MemoryLease();
  const renewal = new Renewal({ store, tokens, revocations, lease: () => lease, now: clock.now, log });
  const check = new SessionCheck({ store, tokens, renewal });
  return {
    clock, log, sandbox, platform, secrets, clientSecrets, store, reachability, tokens, revocations, renewal, check,
    signIn: async ({ knowsExpiry = true } = {}) => {
      const { value } = await tokens.requestByPassword(platform, { username: maxPower.name, password: maxPower.password });
      const { expiresAt: _expiresAt, ...unknown } = value.accessToken;
      const stored = await store.signIn(platform, { userName: maxPower.name }, knowsExpiry ? value : { ...value, accessToken: unknown });
      sandbox.clearRequests();
      return stored;
    },
    account: (id) => {
      const found = store.find(id);
      if (!found) throw new Error(`There is no account ${id}`);
      return found;
    },
    end: async () => {
      close();
      revocations.dispose();
      await sandbox.stop();
    },
  };
}

