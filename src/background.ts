import type { Services } from './services';
import { KeepAlive } from './session/upkeep/keepAlive';
import { PeriodicCheck } from './session/upkeep/periodicCheck';
import { Recovery } from './session/upkeep/recovery';
import type { PlatformUrl } from './zeyos/address/platform';
import { probe } from './zeyos/api';

export type Background = ReturnType<typeof createBackground>;

/** Builds the tasks that run by themselves. The log shows each run, and each timer that it sets, as one operation. */
export function createBackground(services: Services) {
  const {
    store,
    instances,
    renewal,
    revocations,
    check,
    reachability,
    firstRead,
    savedPasswords,
    secretStorageCheck,
    settings,
    clock,
    log,
  } = services;
  const active = () => instances.activeAccount(store.accounts);
  const recovery = new Recovery({
    store,
    probe: (platform) => probe(services.http, platform),
    reachability,
    clock,
    log,
  });
  const keepAlive = new KeepAlive({ store, renewal, active, clock, log });
  const periodicCheck = new PeriodicCheck({
    check,
    turn: services.turn,
    active,
    isFocused: services.isFocused,
    intervalMs: settings.checkIntervalMs,
    clock,
    log,
  });

  const renew = (): void => void log.during('renewal', () => keepAlive.tryNow());
  const checkActive = (): void => void log.during('check', () => periodicCheck.tryNow());
  const revoke = (isWorthTrying?: (platform: PlatformUrl) => boolean): void =>
    void log.during('revocation', () => revocations.settle(isWorthTrying));
  const catchUp = (): void => {
    void log.during('recovery', () => recovery.tryNow());
    renew();
    checkActive();
    revoke();
  };
  const checkStorage = (): void => {
    void secretStorageCheck.leaveMark().catch((error: Error) => log.warn(`secret storage: ${error.message}`));
    savedPasswords.check();
  };
  const subscriptions = [
    recovery.onDidRecover(() => {
      renew();
      checkActive();
      revoke((platform) => reachability.isReachable(platform));
    }),
    instances.onDidChange(() => log.during('renewal', () => keepAlive.schedule())),
  ];

  return {
    /**
     * After the first read, does what fell due while no window was open.
     * @throws if the secret storage cannot be read
     */
    async start(): Promise<void> {
      await firstRead.read;
      checkStorage();
      catchUp();
    },
    /** Starts the timers after this window's first sign-in, when nothing is due. */
    schedule(): void {
      checkStorage();
      log.during('renewal', () => keepAlive.schedule());
      log.during('check', () => periodicCheck.schedule());
    },
    /** Timers stop while the machine sleeps, and change events may be missing. */
    onFocus(): void {
      store.catchUp(active()?.id).catch(() => undefined);
      catchUp();
    },
    onDidChangeStaySignedIn(): void {
      savedPasswords.check();
    },
    onDidChangeCheckInterval: checkActive,
    dispose(): void {
      for (const part of [...subscriptions, recovery, keepAlive, periodicCheck]) part.dispose();
    },
  };
}
