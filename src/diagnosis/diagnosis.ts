import type { Instance } from '../session/model/instance';
import type { StoredAccount } from '../session/model/session';
import type { HttpClient } from '../zeyos/transport/http';
import { exemptionSource, routeOf, verificationSwitches, type NetworkSettings } from '../zeyos/transport/proxy';
import type { Facts, Finding } from './finding';
import { checkHostName } from './hostName';
import { judgeAnswer, judgeClock, judgeApis } from './judgements';
import { probeApis } from './probes';
import type { SecretStorageCheck } from './secretStorageCheck';
import { judgeSessions } from './storedSessions';
import { checkProxy, judgeCertificate, judgeProxy, lookAtCertificate } from './transport';
import type { Clock } from '../base/clock';
import type { Bound } from '../base/deadline';
import { accountsOn } from '../session/model/accounts';

/** The limit of each step; they run in parallel. */
interface DiagnosisBounds {
  readonly nameMs: number;
  readonly connectMs: number;
  readonly secretsMs: number;
}

const BOUNDS: DiagnosisBounds = { nameMs: 5_000, connectMs: 10_000, secretsMs: 5_000 };

/** Checks each part of the way to a platform. It sends no credentials, and changes no account. */
export class Diagnosis {
  readonly #http: HttpClient;
  readonly #accounts: () => readonly StoredAccount[];
  readonly #secretStorageCheck: SecretStorageCheck;
  readonly #network: () => NetworkSettings;
  readonly #warningMs: () => number;
  readonly #clock: Clock;
  readonly #bounds: DiagnosisBounds;

  /** @param services.http must not retry, because the first failure matters */
  constructor(services: {
    http: HttpClient;
    accounts: () => readonly StoredAccount[];
    secretStorageCheck: SecretStorageCheck;
    network: () => NetworkSettings;
    warningMs: () => number;
    clock: Clock;
    bounds?: Partial<DiagnosisBounds>;
  }) {
    this.#http = services.http;
    this.#accounts = services.accounts;
    this.#secretStorageCheck = services.secretStorageCheck;
    this.#network = services.network;
    this.#warningMs = services.warningMs;
    this.#clock = services.clock;
    this.#bounds = { ...BOUNDS, ...services.bounds };
  }

  /**
   * Checks what concerns every instance.
   * @throws the signal's reason if it aborts
   */
  async ofEditor(signal?: AbortSignal): Promise<readonly Finding[]> {
    return [await this.#secretStorageCheck.check({ clock: this.#clock, ms: this.#bounds.secretsMs, signal })];
  }

  /**
   * Checks what concerns one instance, in the order in which a request meets it.
   * @throws the signal's reason if it aborts
   */
  async ofInstance({ platform, signIn, caFile }: Instance, signal?: AbortSignal): Promise<readonly Finding[]> {
    const url = new URL(platform.href);
    const settings = this.#network();
    const route = routeOf(url, settings);
    const bound = (ms: number): Bound => ({ clock: this.#clock, ms, signal });
    const { nameMs, connectMs } = this.#bounds;
    const [hostName, proxy, look, probes] = await Promise.all([
      checkHostName(url, route, bound(nameMs)),
      checkProxy(url, route, exemptionSource(settings), bound(connectMs)),
      lookAtCertificate(url, route, caFile, bound(connectMs)),
      probeApis(this.#http, platform, signal),
    ]);
    const now = this.#clock.now();
    const hasCredentials =
      settings.authorization !== '' || (route.kind === 'proxy' && route.url.username + route.url.password !== '');
    const here = accountsOn(this.#accounts(), platform);
    return [
      hostName,
      judgeProxy(proxy, look, probes, hasCredentials),
      ...judgeCertificate(
        url,
        look,
        probes,
        caFile === undefined ? verificationSwitches(settings) : [],
        trustFacts(settings, caFile),
        now,
      ),
      judgeAnswer(probes),
      judgeApis(probes, signIn),
      judgeClock(probes),
      ...judgeSessions(here, now, this.#warningMs()),
    ];
  }
}

/** The authorities that the editor trusts, if not the default ones. */
function trustFacts({ systemCertificates = true, environment }: NetworkSettings, caFile: string | undefined): Facts {
  if (caFile !== undefined) return { caFile: 1 };
  return {
    ...(!systemCertificates && { systemCertificates: 'off' }),
    ...(systemCertificates && environment['NODE_EXTRA_CA_CERTS'] && { unused: 'NODE_EXTRA_CA_CERTS' }),
  };
}
