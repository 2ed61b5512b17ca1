import { AccountSecrets, type Memory, type Secrets } from '../../src/session/accountSecrets';
import { BoundedSecrets } from '../../src/session/boundedSecrets';
import type { Lease } from '../../src/session/lease';
import { SessionStore } from '../../src/session/sessionStore';
import { Clock } from './clock';
import { MemoryLease } from './memoryLease';
import { MemoryLog } from './memoryLog';
import { MemoryMemento } from './memoryMemento';
import type { MemorySecrets } from './memorySecrets';
import { Patience } from './patience';

export interface Seams {
  /** What this window reads and writes through; the shared secrets unless told. */
  readonly through?: Secrets;
  /** How long it waits for the secrets; for ever unless told. */
  readonly patience?: Patience;
  /** What it remembers outside of the secrets; nothing unless told. */
  readonly memory?: Memory;
  readonly lease?: Lease;
  readonly now?: () => number;
  readonly log?: MemoryLog;
}

/** A window's session store, not yet read, that hears of changes as the extension lets it. */
export function openWindow(shared: MemorySecrets, { through = shared, patience = new Patience(), memory = new MemoryMemento(), lease = new MemoryLease(), now = new Clock().now, log = new MemoryLog() }: Seams = {}) {
  const secrets = new AccountSecrets(new BoundedSecrets(through, patience), log, memory);
  const store = new SessionStore({ secrets, lease, now, log });
  const stopListening = shared.onDidChange((key) => {
    // A refresh that fails is logged by the store.
    if (secrets.owns(key)) store.refresh().catch(() => undefined);
  });
  const close = (): void => {
    stopListening();
    store.dispose();
  };
  return { store, log, close };
}

/** A window that is opened after whatever happened, and has read what is stored. */
export async function reopen(shared: MemorySecrets): Promise<SessionStore> {
  const { store, close } = openWindow(shared);
  close();
  await store.refresh();
  return store;
}
