import { join } from 'node:path';
import { createServices, type Services } from '../../src/services';
import { FileLease, type LeaseBounds } from '../../src/base/fileLease';
import { FileSecrets } from '../support/fileSecrets';
import { memorySeams } from '../support/seams';
import { systemClock } from '../../src/base/clock';

/** Opens the services of a window over secrets and leases that processes share. */
export function openWindow(folder: string, bounds: LeaseBounds): Services {
  const ignore = (): void => undefined;
  const log = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: ignore,
    during: <T>(_name: string, work: () => T): T => work(),
  };
  const leases = join(folder, 'leases');
  return createServices(
    memorySeams({
      clock: systemClock,
      log,
      secrets: new FileSecrets(join(folder, 'secrets')),
      lease: (name) => new FileLease(leases, name, { clock: systemClock, log, bounds }),
      machineId: 'stress',
    }),
  );
}
