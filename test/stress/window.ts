import { join } from 'node:path';
import { AccountSecrets } from '../../src/session/accountSecrets';
import { ClientSecrets } from '../../src/session/clientSecrets';
import { FileLease, type LeaseBounds } from '../../src/session/lease';
import { LegacyInstances } from '../../src/session/legacyInstances';
import { Reachability } from '../../src/session/reachability';
import { RejectedSecrets } from '../../src/session/rejectedSecrets';
import { Renewal } from '../../src/session/renewal';
import { Revocations } from '../../src/session/revocations';
import { SessionStore } from '../../src/session/sessionStore';
import { Tokens } from '../../src/session/tokens';
import { HttpClient } from '../../src/zeyos/http';
import { FileSecrets } from '../support/fileSecrets';
import { MemoryMemento } from '../support/memoryMemento';

/** What renews in a window of the editor, over secrets and leases that other processes share. */
export function openWindow(folder: string, bounds: LeaseBounds) {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const now = Date.now;
  const secrets = new FileSecrets(join(folder, 'secrets'));
  const leases = join(folder, 'leases');
  const store = new SessionStore({ secrets: new AccountSecrets(secrets, log, new MemoryMemento()), lease: new FileLease(leases, 'accounts', log, bounds), now, log });
  const clientSecrets = new ClientSecrets(secrets);
  const http = new HttpClient({ fetch: globalThis.fetch, now, log });
  const legacy = new LegacyInstances(new MemoryMemento());
  const tokens = new Tokens({ http, store, clientSecrets, legacy, reachability: new Reachability(), machineId: 'stress' });
  const revocations = new Revocations({ tokens, store, now, log });
  const renewal = new Renewal({ store, tokens, revocations, rejectedSecrets: new RejectedSecrets(), lease: (id) => new FileLease(leases, `renewal.${id}`, log, bounds), now, log });
  return { store, clientSecrets, renewal };
}
