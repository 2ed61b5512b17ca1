import type { Seams } from '../../src/services';
import { Clock } from './clock';
import { MemoryLease } from './memoryLease';
import { MemoryLog } from './memoryLog';
import { MemoryMemento } from './memoryMemento';
import { MemorySecrets } from './memorySecrets';

/**
 * Returns the seams of a window without an editor and without configured instances. `settings` replace the defaults.
 */
export function memorySeams({
  settings,
  ...seams
}: Partial<Omit<Seams, 'settings'>> & { readonly settings?: Partial<Seams['settings']> } = {}): Seams {
  const leases = new Map<string, MemoryLease>();
  return {
    fetch: (url, init) => globalThis.fetch(url, init),
    clock: new Clock(),
    log: new MemoryLog(),
    secrets: new MemorySecrets(),
    memento: new MemoryMemento(),
    workspace: new MemoryMemento(),
    lease: (name) => {
      const lease = leases.get(name) ?? new MemoryLease();
      leases.set(name, lease);
      return lease;
    },
    turn: { take: () => Promise.resolve(0) },
    isFocused: () => true,
    machineId: 'machine',
    editorStart: 'start',
    ...seams,
    settings: {
      instances: { read: () => [], write: () => Promise.resolve(), onDidChange: () => ({ dispose: () => undefined }) },
      network: () => ({ proxy: '', support: 'off', noProxy: [], authorization: '', environment: {}, verifies: true }),
      expiryWarningMs: () => 0,
      checkIntervalMs: () => 0,
      staySignedIn: () => true,
      ...settings,
    },
  };
}
