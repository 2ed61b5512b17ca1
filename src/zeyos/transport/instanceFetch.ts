import { parseCaFile, readCaFile } from './caFile';
import type { UnusablePart } from './certificateFile';
import { asksForClientCertificate } from '../failures/clientCertificatePage';
import { NetworkError, SettingsError } from '../errors';
import { CLIENT_CERTIFICATE_REQUIRED } from '../failures/handshakeProblem';
import type { Fetch } from './http';
import type { Log } from '../../base/log';
import type { PlatformUrl } from '../address/platform';
import type { PrivateCaFetch } from './privateCaFetch';
import { isUnreadableProxy, networkError, type RequestWay } from '../failures/networkError';
import {
  exemptionSource,
  isReadableByProxy,
  proxyFor,
  routeOf,
  verificationSwitches,
  type NetworkSettings,
  type Route,
} from './proxy';
import type { Clock } from '../../base/clock';
import { askForSchemes } from './proxyAuthentication';
import { sentBy } from './sentBy';
import { withTlsAlerts } from '../failures/tlsAlerts';

interface TransportInstance {
  readonly platform: PlatformUrl;
  readonly caFile?: string;
}

interface Opened extends PrivateCaFetch {
  /** If the `caFile`, its text or the proxy changes, the `fetch` is opened again. */
  readonly key: string;
  readonly text: string;
  readonly unusable: readonly UnusablePart[];
}

/** `unusable`: the bad parts of the instance's `caFile`; absent: it has none. */
interface Chosen {
  readonly fetch: Fetch;
  readonly unusable?: readonly UnusablePart[];
}

/**
 * Uses the editor's `fetch` or, if the instance has a `caFile`, one that trusts the authorities in it. Sends
 * credentials neither to an unverified server nor in clear text through a proxy.
 */
export class InstanceFetch {
  readonly #editorFetch: Fetch;
  readonly #instances: () => readonly TransportInstance[];
  readonly #network: () => NetworkSettings;
  readonly #clock: Clock;
  readonly #log: Log | undefined;
  readonly #opened = new Map<string, Opened>();

  constructor(services: {
    editorFetch: Fetch;
    instances: () => readonly TransportInstance[];
    network: () => NetworkSettings;
    clock: Clock;
    log?: Log;
  }) {
    this.#editorFetch = services.editorFetch;
    this.#instances = services.instances;
    this.#network = services.network;
    this.#clock = services.clock;
    this.#log = services.log;
  }

  /** @throws {SettingsError | NetworkError} */
  readonly fetch: Fetch = async (url, init, platform) => {
    const target = new URL(url);
    const { fetch, unusable } = await this.#choose(target, init, platform);
    try {
      const response = await withTlsAlerts(target, () => fetch(url, init, platform));
      if (!(await asksForClientCertificate(target, response))) return response;
    } catch (thrown) {
      init.signal?.throwIfAborted();
      // Only this class knows the route, and so whether the proxy failed.
      throw await this.#explained(thrown, target, this.#way(target, unusable), init.signal ?? undefined);
    }
    throw new NetworkError(CLIENT_CERTIFICATE_REQUIRED, undefined, { sentBy: this.#way(target, unusable).sentBy });
  };

  dispose(): void {
    for (const opened of this.#opened.values()) void opened.close();
    this.#opened.clear();
  }

  #way(target: URL, unusable: readonly UnusablePart[] | undefined): RequestWay {
    const settings = this.#network();
    return { route: routeOf(target, settings), sentBy: sentBy(target, settings, unusable) };
  }

  async #choose(target: URL, init: RequestInit, platform: PlatformUrl): Promise<Chosen> {
    const settings = this.#network();
    if (target.protocol === 'https:') {
      const caFile = this.#instances().find((instance) => instance.platform.href === platform.href)?.caFile;
      if (caFile !== undefined) return this.#open(platform, caFile, target);
      const off = verificationSwitches(settings);
      if (off.length > 0 && carriesCredentials(init))
        throw new SettingsError('unverified', undefined, { settings: off });
    } else if (isReadableByProxy(target, settings) && carriesCredentials(init)) {
      throw new SettingsError('clearTextProxy', undefined, { settings: [exemptionSource(settings)] });
    }
    return { fetch: this.#editorFetch };
  }

  async #open({ href, label }: PlatformUrl, caFile: string, target: URL): Promise<Opened> {
    const { openPrivateCaFetch } = await import('./privateCaFetch.js');
    const text = await readCaFile(caFile);
    const proxy = proxyFor(target, this.#network());
    const key = JSON.stringify([caFile, text, proxy]);
    const before = this.#opened.get(href);
    if (before?.key === key) return before;
    const { certificates, unusable } = parseCaFile(text, caFile);
    if (before?.text !== text)
      for (const { position, line, reason } of unusable)
        this.#log?.warn(`caFile of ${label}: part ${position} on line ${line} is not used (${reason})`);
    const opened = { key, text, unusable, ...openOrRefuse(() => openPrivateCaFetch(certificates, proxy), caFile) };
    this.#opened.set(href, opened);
    void before?.close();
    return opened;
  }

  /** If the proxy's URL is invalid and nothing was sent, the user has to correct that URL first. */
  async #explained(
    thrown: unknown,
    target: URL,
    way: RequestWay,
    signal: AbortSignal | undefined,
  ): Promise<NetworkError | SettingsError> {
    const { route } = way;
    if (route.kind !== 'direct' && isUnreadableProxy(thrown)) return invalidProxy(route);
    const error = networkError(thrown, target, way);
    if (route.kind === 'invalid' && error.isUnsent && !error.isCertificate) return invalidProxy(route);
    if (error.proxyStatus !== 407 || error.proxySchemes) return error;
    const schemes = await askForSchemes(target, route, this.#clock, signal);
    return schemes ? new NetworkError(error.code, thrown, { status: 407, schemes, sentBy: way.sentBy }) : error;
  }
}

/** @throws {SettingsError} `caFileNotPem`: Node's TLS does not accept the certificates */
function openOrRefuse(open: () => PrivateCaFetch, caFile: string): PrivateCaFetch {
  try {
    return open();
  } catch (cause) {
    throw new SettingsError('caFileNotPem', caFile, { cause });
  }
}

/** Has no `cause`, which may quote the password in the proxy's URL. */
function invalidProxy(route: Exclude<Route, { kind: 'direct' }>): SettingsError {
  const problem = route.kind === 'invalid' && route.fault === 'credentials' ? 'proxyCredentials' : 'proxyInvalid';
  return new SettingsError(problem, undefined, { settings: [route.source] });
}

/** A probe for ZeyOS has neither an `Authorization` header nor a body. */
function carriesCredentials({ headers, body }: RequestInit): boolean {
  return new Headers(headers).has('authorization') || (body !== undefined && body !== null);
}
