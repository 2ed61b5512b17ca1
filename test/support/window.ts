import { createServices, type ObservableSecrets } from '../../src/services';
import type { Memory, Secrets } from '../../src/session/storage/accountSecrets';
import type { Lease } from '../../src/base/lease';
import type { SessionStore } from '../../src/session/storage/sessionStore';
import { Clock } from './clock';
import { MemoryLease } from './memoryLease';
import { MemoryLog } from './memoryLog';
import { MemoryMemento } from './memoryMemento';
import type { MemorySecrets } from './memorySecrets';
import { Patience } from './patience';
import { memorySeams } from './seams';

export interface Seams {
  /** Secret storage of the window. The default is the shared one. */
  readonly through?: Secrets;
  /** Controls the waits for the secret storage. By default they never end. */
  readonly patience?: Patience;
  /** State outside of the secret storage. The default is empty. */
  readonly memory?: Memory;
  readonly lease?: Lease;
  readonly now?: () => number;
  readonly log?: MemoryLog;
}

/** Opens a window’s session store, which has not been read. It gets change events as in the extension. */
export function openWindow(
  shared: MemorySecrets,
  {
    through = shared,
    patience = new Patience(),
    memory = new MemoryMemento(),
    lease = new MemoryLease(),
    now = new Clock().now,
    log = new MemoryLog(),
  }: Seams = {},
) {
  const services = createServices(
    memorySeams({
      secrets: withEventsOf(shared, through),
      memory,
      lease: () => lease,
      now,
      log,
      storageWait: patience.wait,
    }),
  );
  return { store: services.store, log, close: () => services.dispose() };
}

/** Returns secrets that are read and written through `through`, and whose events come from `shared`. */
export function withEventsOf(shared: MemorySecrets, through: Secrets): ObservableSecrets {
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
