import { PlatformUrl } from '../../src/zeyos/platform';
import { Reachability } from '../../src/session/reachability';
import { Revocations } from '../../src/session/revocations';
import type { StoredAccount } from '../../src/session/session';
import type { SessionStore } from '../../src/session/sessionStore';
import { Tokens } from '../../src/session/tokens';
import { Clock } from './clock';
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
  readonly store: SessionStore;
  readonly reachability: Reachability;
  readonly tokens: Tokens;
  readonly revocations: Revocations;
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
  const tokens = new Tokens({ http, store, reachability });
  const revocations = new Revocations({ tokens, store, now: clock.now, log });
  return {
    clock, log, sandbox, platform, secrets, store, reachability, tokens, revocations,
    signIn: async ({ knowsExpiry = true } = {}) => {
      const { value, receivedAt } = await tokens.request(platform, { username: maxPower.name, password: maxPower.password });
      const expiry = knowsExpiry && value.expires_in !== undefined ? { expiresAt: receivedAt + value.expires_in * 1000 } : {};
      const stored = await store.signIn(platform, { userName: maxPower.name }, { value: value.access_token, issuedAt: receivedAt, ...expiry });
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

