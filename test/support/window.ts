import { createServices, type ObservableSecrets } from '../../src/services';
import type { Memory, Secrets } from '../../src/session/storage/accountSecrets';
import type { Lease } from '../../src/base/lease';
import type { SessionStore } from '../../src/session/storage/sessionStore';
import { Clock } from './clock';
import { MemoryLease } from './memoryLease';
import { MemoryLog } from './memoryLog';
import { MemoryMemento } from './memoryMemento';
import type { MemorySecrets } from './memorySecrets';
import { memorySeams } from './seams';

export interface Seams {
  /** What this window reads and writes through; the shared secrets unless told. */
  readonly through?: Secrets;
  /** What it remembers outside of the secrets; nothing unless told. */
  readonly memory?: Memory;
  readonly lease?: Lease;
  readonly clock?: Clock;
  readonly log?: MemoryLog;
}

/** A window's session store, not yet read, that hears of changes as the extension lets it. */
export function openWindow(
  shared: MemorySecrets,
  {
    through = shared,
    memory = new MemoryMemento(),
    lease = new MemoryLease(),
    clock = new Clock(),
    log = new MemoryLog(),
  }: Seams = {},
) {
  const services = createServices(
    memorySeams({
      secrets: heardBy(shared, through),
      memory,
      lease: () => lease,
      clock,
      log,
    }),
  );
  return { store: services.store, log, close: () => services.dispose() };
}

/** Secrets that are read and written through `through`, and whose changes are those of `shared`. */
export function heardBy(shared: MemorySecrets, through: Secrets): ObservableSecrets {
  return {
    get: (key) => through.get(key),
    store: (key, value) => through.store(key, value),
    delete: (key) => through.delete(key),
    onDidChange: (listener) => shared.onDidChange(listener),
  };
}

/** A window that is opened after whatever happened, and has read what is stored. */
export async function reopen(shared: MemorySecrets): Promise<SessionStore> {
  const { store, close } = openWindow(shared);
  close();
  await store.refresh();
  return store;
}
