import { Alarm } from '../../base/alarm';
import { Changes } from '../../base/changes';
import { signInAgainBy, fingerprint, usableUntil, type StoredAccount } from '../../session/model/session';
import type { InstanceStore } from '../../session/storage/instanceStore';
import type { SessionStore } from '../../session/storage/sessionStore';
import type { AgentAccess, AgentConsents } from './consents';
import { offerState, type Offer, type OfferState, type Program } from './offer';
import type { Clock } from '../../base/clock';

interface OfferSettings {
  readonly isEnabled: () => boolean;
  readonly isSupported: () => boolean;
  readonly isTrusted: () => boolean;
  readonly findProgram: () => Promise<Program>;
}

/** The account and consent of a server that may be running. */
export interface HandOut {
  readonly account: StoredAccount;
  readonly access: AgentAccess;
}

/**
 * If the token or consent of a running server changes or ends, the offer gets a new version, which makes the editor
 * stop the server.
 */
export class Offers {
  readonly #services: OffersServices;
  readonly #changes = new Changes();
  readonly #alarm: Alarm;
  readonly #subscriptions: readonly { dispose(): void }[];
  #program: Program = { problem: 'missing' };
  #state: OfferState = { reason: 'off' };
  #handOut: HandOut | undefined;
  #versionNumber = 1;
  #key = '';

  readonly onDidChange = this.#changes.onDidChange;

  constructor(services: OffersServices) {
    this.#services = services;
    const update = (): void => this.update();
    this.#alarm = new Alarm(services.clock, update);
    this.#subscriptions = [
      this.#alarm,
      services.store.onDidChange(update),
      services.instances.onDidChange(update),
      services.agentConsents.onDidChange(update),
    ];
  }

  get state(): OfferState {
    return this.#state;
  }

  get offer(): Offer | undefined {
    return 'offer' in this.#state ? this.#state.offer : undefined;
  }

  get version(): string {
    return String(this.#versionNumber);
  }

  async refresh(): Promise<void> {
    const { settings } = this.#services;
    if (settings.isEnabled() && settings.isSupported()) this.#program = await settings.findProgram();
    this.update();
  }

  /** The editor starts a server with the account's current token. */
  noteHandOut(handOut: HandOut): void {
    this.#handOut = handOut;
    this.update();
  }

  update(): void {
    const { store, instances, agentConsents, settings, clock, onDidEnd } = this.#services;
    const account = instances.activeAccount(store.accounts);
    this.#state = offerState({
      isEnabled: settings.isEnabled(),
      isSupported: settings.isSupported(),
      isTrusted: settings.isTrusted(),
      instance: instances.active,
      account,
      program: this.#program,
      now: clock.now(),
    });
    const { offer } = this;
    const handOut = this.#handOut;
    const isSameAccount = handOut && offer?.account.id === handOut.account.id;
    const isOutdated =
      isSameAccount &&
      (tokenOf(offer.account) !== tokenOf(handOut.account) || agentConsents.known(offer.account) !== handOut.access);
    if (handOut && (!isSameAccount || isOutdated)) {
      this.#handOut = undefined;
      this.#versionNumber++;
    }
    this.#alarm.set(nextEnd(offer, clock.now()));
    const key = offer ? JSON.stringify([offer.instance, offer.account.id, offer.program, this.#versionNumber]) : '';
    if (key !== this.#key) {
      this.#key = key;
      this.#changes.fire();
    }
    if (handOut && !isSameAccount) onDidEnd(handOut, this.#state);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

interface OffersServices {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly agentConsents: AgentConsents;
  readonly settings: OfferSettings;
  readonly clock: Clock;
  /** Called if the account of a running server is no longer offered. */
  readonly onDidEnd: (handOut: HandOut, state: OfferState) => void;
}

function tokenOf({ session }: StoredAccount): string | undefined {
  return session?.accessToken && fingerprint(session.accessToken.value);
}

/** The next time at which the session may end, in epoch milliseconds. */
function nextEnd(offer: Offer | undefined, now: number): number {
  const session = offer?.account.session;
  if (!session?.accessToken) return Infinity;
  const moments = [usableUntil(session.accessToken), signInAgainBy(session) ?? Infinity];
  return Math.min(Infinity, ...moments.filter((at) => at > now));
}
