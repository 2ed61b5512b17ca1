import * as l10n from '@vscode/l10n';
import type { Diagnosis } from './diagnosis/diagnosis';
import { AgentConsents } from './handover/agents/consents';
import { SecretStorageCheck } from './diagnosis/secretStorage';
import { AccountSecrets, type Memory, type Secrets } from './session/storage/accountSecrets';
import { Activity } from './base/activity';
import { BoundedSecrets } from './session/storage/boundedSecrets';
import { ClientSecrets } from './session/storage/clientSecrets';
import { FirstRead } from './session/storage/firstRead';
import type { InstanceFetch } from './zeyos/transport/instanceFetch';
import { InstanceStore, type InstancesSetting } from './session/storage/instanceStore';
import { lazy } from './base/lazy';
import type { Lease } from './base/lease';
import { LegacyInstances } from './session/storage/legacyInstances';
import { Reachability } from './session/tokens/reachability';
import { RefusedTokens } from './session/tokens/refusedTokens';
import { RejectedSecrets } from './session/tokens/rejectedSecrets';
import { Renewal } from './session/tokens/renewal';
import { Revocations } from './session/tokens/revocations';
import { SessionCheck } from './session/tokens/sessionCheck';
import { ShortLifetimes } from './session/tokens/shortLifetimes';
import { SessionStore } from './session/storage/sessionStore';
import { Tokens } from './session/tokens/tokens';
import { UnusedClientSecrets } from './session/upkeep/unusedClientSecrets';
import type { Turn } from './base/turn';
import { HttpClient, type Fetch, type HttpBounds } from './zeyos/transport/http';
import type { GroupedLog } from './base/log';
import type { NetworkSettings } from './zeyos/transport/proxy';
import type { Clock } from './base/clock';

/** A secret storage that also reports changes, those of other windows included. `vscode.SecretStorage` is one. */
export interface ObservableSecrets extends Secrets {
  onDidChange(listener: (event: { readonly key: string }) => void): { dispose(): void };
}

/** The user's settings, read anew at each call. */
export interface Settings {
  readonly instances: InstancesSetting;
  readonly network: () => NetworkSettings;
  /** How long before its end a session counts as expiring, in milliseconds; 0 = never. */
  readonly expiryWarningMs: () => number;
  /** How often the active session is introspected, in milliseconds; 0 = never. */
  readonly checkIntervalMs: () => number;
  /** Whether passwords may be kept. */
  readonly staySignedIn: () => boolean;
}

/** Everything that the headless half of the extension takes from the editor and from the machine. */
export interface Seams {
  /** The editor's own `fetch`, which knows its proxy and its certificates. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: GroupedLog;
  readonly secrets: ObservableSecrets;
  /** What the editor remembers for the extension in all workspaces. */
  readonly memory: Memory;
  /** What the editor remembers for this workspace. */
  readonly workspace: Memory;
  readonly settings: Settings;
  /** The lease with this name, shared by all windows of this machine. */
  readonly lease: (name: string) => Lease;
  readonly turn: Turn;
  readonly isFocused: () => boolean;
  /** Identifies this machine and editor. It is sent to the legacy login only as a hash. */
  readonly machineId: string;
  /** Identifies this start of the editor: the same in all its windows, and different after a restart. */
  readonly editorStart: string;
  readonly httpBounds?: Partial<HttpBounds>;
}

/** The headless half of the extension. */
export type Services = ReturnType<typeof createServices>;

/**
 * Builds the headless half of the extension; nothing else constructs its parts. It does not read the secret storage:
 * {@link FirstRead} does that at its first use, and `background.ts` begins it.
 */
export function createServices(seams: Seams) {
  const { fetch, clock, log, memory, settings, httpBounds } = seams;
  const activity = new Activity();
  const storage = new BoundedSecrets(
    seams.secrets,
    clock,
    (operation) => void activity.during(l10n.t('Waiting for the keyring…'), () => operation),
  );
  const accountSecrets = new AccountSecrets({ secrets: storage, memory, clock, log });
  const clientSecrets = new ClientSecrets(storage);
  const store = new SessionStore({ secrets: accountSecrets, lease: seams.lease('accounts'), clock, log });
  const agentConsents = new AgentConsents({ secrets: storage, workspace: seams.workspace, store, log });
  const instances = new InstanceStore({ setting: settings.instances, workspace: seams.workspace });
  const reachability = new Reachability();
  const rejectedSecrets = new RejectedSecrets();
  const shortLifetimes = new ShortLifetimes();

  // Loaded at the first request: it needs the file system and the proxy's rules.
  let opened: InstanceFetch | undefined;
  const transport = lazy(async () => {
    const { InstanceFetch } = await import('./zeyos/transport/instanceFetch.js');
    opened = new InstanceFetch({
      editorFetch: fetch,
      instances: () => instances.instances,
      network: settings.network,
      clock,
      log,
    });
    return opened;
  });
  const instanceFetch: Fetch = async (url, init, platform) => (await transport()).fetch(url, init, platform);
  const http = new HttpClient({ fetch: instanceFetch, clock, log, ...(httpBounds && { bounds: httpBounds }) });

  const legacy = new LegacyInstances(memory);
  const tokens = new Tokens({ http, store, clientSecrets, legacy, reachability, machineId: seams.machineId });
  const unusedSecrets = new UnusedClientSecrets({ clientSecrets, store, instances: () => instances.instances });
  const revocations = new Revocations({ tokens, store, clock, log });
  const renewal = new Renewal({
    store,
    tokens,
    revocations,
    rejectedSecrets,
    shortLifetimes,
    lease: (id) => seams.lease(`renewal.${id}`),
    clock,
    log,
  });
  const check = new SessionCheck({ store, tokens, renewal });
  const firstRead = new FirstRead(
    () => activity.during(l10n.t('Reading ZeyOS sessions…'), () => store.refresh()),
    clock,
  );
  const refusedTokens = new RefusedTokens({ firstRead, store, check, clock });
  const secretStorage = new SecretStorageCheck({ secrets: seams.secrets, memory, start: seams.editorStart });
  const diagnosis = lazy<Diagnosis>(async () => {
    const { Diagnosis } = await import('./diagnosis/diagnosis.js');
    return new Diagnosis({
      // Without retries: the first failure is what the diagnosis is about.
      http: new HttpClient({ fetch: instanceFetch, clock, log, bounds: { ...httpBounds, backOffMs: [] } }),
      accounts: () => store.accounts,
      secretStorage,
      network: settings.network,
      warningMs: settings.expiryWarningMs,
      clock,
    });
  });

  // A hint: it repeats, and it may be missing, so a window that gets the focus reads everything again.
  const subscription = seams.secrets.onDidChange(({ key }) => {
    if (accountSecrets.owns(key)) store.refresh().catch(() => undefined);
  });

  return {
    clock,
    log,
    settings,
    turn: seams.turn,
    isFocused: seams.isFocused,
    accountSecrets,
    clientSecrets,
    store,
    agentConsents,
    instances,
    activity,
    reachability,
    rejectedSecrets,
    shortLifetimes,
    http,
    tokens,
    unusedSecrets,
    revocations,
    renewal,
    check,
    firstRead,
    refusedTokens,
    secretStorage,
    diagnosis,
    /** Saves what only this window has, before the editor ends it. Never rejects. */
    async finish(): Promise<void> {
      storage.hurry();
      // A refresh token that was exchanged without storing the new tokens would end the session.
      await Promise.all([store.save(), renewal.idle()]);
      await store.save();
    },
    dispose(): void {
      subscription.dispose();
      agentConsents.dispose();
      store.dispose();
      revocations.dispose();
      unusedSecrets.dispose();
      opened?.dispose();
      instances.dispose();
    },
  };
}
