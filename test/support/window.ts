import { createServices, type ObservableSecretStorage } from '../../src/services';
import type { Memento, SecretStorage } from '../../src/session/storage/secretStorage';
import type { Lease } from '../../src/base/lease';
import type { SessionStore } from '../../src/session/storage/sessionStore';
import { Clock } from './clock';
import { MemoryLease } from './memoryLease';
import { MemoryLog } from './memoryLog';
import { MemoryMemento } from './memoryMemento';
import type { MemorySecrets } from './memorySecrets';
import { memorySeams } from './seams';

export interface Seams {
  /** Secret storage of the window. The default is the shared one. */
  readonly through?: SecretStorage;
  /** What it remembers outside of the secrets; nothing unless told. */
  readonly memento?: Memento;
  readonly lease?: Lease;
  readonly clock?: Clock;
  readonly log?: MemoryLog;
}

/** Opens a window’s session store, which has not been read. It gets change events as in the extension. */
export function openWindow(
  shared: MemorySecrets,
  {
    through = shared,
    memento = new MemoryMemento(),
    lease = new MemoryLease(),
    clock = new Clock(),
    log = new MemoryLog(),
  }: Seams = {},
) {
  const services = createServices(
    memorySeams({
      secrets: withEventsOf(shared, through),
      memento,
      lease: () => lease,
      clock,
      log,
    }),
  );
  return { store: services.store, log, close: () => services.dispose() };
}

/** Returns secrets that are read and written through `through`, and whose events come from `shared`. */
export function withEventsOf(shared: MemorySecrets, through: SecretStorage): ObservableSecretStorage {
  return {
    get: (key) => through.get(key),
    store: (key, value) => through.store(key, value),
    delete: (key) => through.delete(key),
    onDidChange: (listener) => shared.onDidChange(listener),
  };
}

export async function reopen(shared: MemorySecrets): Promise<SessionStore> {
  const { store, close } = openWindow(shared);
  close();
  await store.refresh();
  return store;
}
