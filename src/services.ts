import type { Diagnosis } from './diagnosis/diagnosis';
import { SecretStorageCheck } from './diagnosis/secretStorageCheck';
import { ClientSecrets } from './session/storage/clientSecrets';
import type { InstanceFetch } from './zeyos/transport/instanceFetch';
import { lazy } from './base/lazy';
import type { Seams } from './seams';
import { RefusedTokens } from './session/tokens/refusedTokens';
import { Renewal } from './session/tokens/renewal';
import { Revocations } from './session/tokens/revocations';
import { SessionCheck } from './session/tokens/sessionCheck';
import { createInitialServices } from './initialServices';
import { AccountTokens } from './session/tokens/accountTokens';
import { PasswordRequests } from './session/tokens/passwordRequests';
import { TokenRequests } from './session/tokens/tokenRequests';
import { SavedPasswords } from './session/upkeep/savedPasswords';
import { UnusedClientSecrets } from './session/upkeep/unusedClientSecrets';
import { HttpClient, type Fetch } from './zeyos/transport/http';

export type { ObservableSecretStorage, Seams, Settings } from './seams';

export type Services = ReturnType<typeof createServices>;

/**
 * Adds the services that make requests. Does not read the secret storage: {@link FirstRead} does.
 * @param initial built from the same seams
 */
export function createServices(seams: Seams, initial = createInitialServices(seams)) {
  const { fetch, clock, log, memento, settings, httpBounds } = seams;
  const {
    store,
    instances,
    legacyPlatforms,
    reachability,
    rejectedClientSecrets,
    missingClientSecrets,
    shortLifetimes,
    firstRead,
  } = initial;
  const clientSecrets = new ClientSecrets(initial.secretStorage);

  // Loaded at the first request, because it needs the file system and the proxy's rules.
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

  const tokenRequests = new TokenRequests({ http, clientSecrets, reachability, setAside: store.setAside.bind(store) });
  const passwordRequests = new PasswordRequests({
    http,
    tokenRequests,
    clientSecrets,
    legacyPlatforms,
    reachability,
    machineId: seams.machineId,
  });
  const accountTokens = new AccountTokens({ store, tokenRequests });
  const savedPasswords = new SavedPasswords({ store, mayKeep: settings.staySignedIn, log });
  const unusedSecrets = new UnusedClientSecrets({ clientSecrets, store, instances: () => instances.instances });
  const revocations = new Revocations({ tokenRequests, store, missingClientSecrets, clock, log });
  const renewal = new Renewal({
    store,
    accountTokens,
    passwordRequests,
    tokenRequests,
    revocations,
    rejectedClientSecrets,
    shortLifetimes,
    lease: (id) => seams.lease(`renewal.${id}`),
    clock,
    log,
  });
  const check = new SessionCheck({ store, accountTokens, renewal });
  const refusedTokens = new RefusedTokens({ firstRead, store, check, clock });
  const secretStorageCheck = new SecretStorageCheck({ secrets: seams.secrets, memento, start: seams.editorStart });
  const diagnosis = lazy<Diagnosis>(async () => {
    const { Diagnosis } = await import('./diagnosis/diagnosis.js');
    return new Diagnosis({
      // The diagnosis reports the first failure, so its client does not retry.
      http: new HttpClient({ fetch: instanceFetch, clock, log, bounds: { ...httpBounds, backOffMs: [] } }),
      accounts: () => store.accounts,
      secretStorageCheck,
      network: settings.network,
      warningMs: settings.expiryWarningMs,
      clock,
    });
  });

  return {
    ...initial,
    clientSecrets,
    http,
    tokenRequests,
    passwordRequests,
    accountTokens,
    savedPasswords,
    unusedSecrets,
    revocations,
    renewal,
    check,
    refusedTokens,
    secretStorageCheck,
    diagnosis,
    finish: (): Promise<void> => initial.finish(() => renewal.idle()),
    dispose(): void {
      initial.dispose();
      revocations.dispose();
      savedPasswords.dispose();
      unusedSecrets.dispose();
      opened?.dispose();
    },
  };
}
