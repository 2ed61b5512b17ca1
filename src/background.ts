import type { Services } from './services';
import { KeepAlive } from './session/upkeep/keepAlive';
import { KeptPasswords } from './session/upkeep/savedPasswords';
import { PeriodicCheck } from './session/upkeep/periodicCheck';
import { Recovery } from './session/upkeep/recovery';
import type { PlatformUrl } from './zeyos/address/platform';
import { probe } from './zeyos/surface';

/** What runs by itself, as long as the extension is active. */
export type Background = ReturnType<typeof createBackground>;

/** Builds what runs by itself. Each run is an operation of its own in the log, and so is what its timers do later. */
export function createBackground(services: Services) {
  const {
    store,
    instances,
    renewal,
    revocations,
    check,
    reachability,
    firstRead,
    secretStorage,
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
  const keptPasswords = new KeptPasswords({ store, mayKeep: settings.staySignedIn, log });

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
    void secretStorage.leaveMark().catch((error: Error) => log.warn(`secret storage: ${error.message}`));
    keptPasswords.check();
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
     * Reads the secret storage, and catches up with what happened while no window was open.
     * @throws why the storage cannot be read
     */
    async start(): Promise<void> {
      await firstRead.read;
      checkStorage();
      catchUp();
    },
    /** The first account was signed in while the window was open: nothing is due yet. */
    schedule(): void {
      checkStorage();
      log.during('renewal', () => keepAlive.schedule());
      log.during('check', () => periodicCheck.schedule());
    },
    /** The window got the focus: timers stood still if the machine slept, and hints of other windows may be missing. */
    onFocus(): void {
      store.catchUp(active()?.id).catch(() => undefined);
      catchUp();
    },
    onDidChangeStaySignedIn(): void {
      keptPasswords.check();
    },
    onDidChangeCheckInterval: checkActive,
    dispose(): void {
      for (const part of [...subscriptions, recovery, keepAlive, periodicCheck, keptPasswords]) part.dispose();
    },
  };
}
