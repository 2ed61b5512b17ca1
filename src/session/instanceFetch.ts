import { parseCertificates, readCaFile } from '../zeyos/caFile';
import { SettingsError } from '../zeyos/errors';
import type { Fetch } from '../zeyos/http';
import type { PlatformUrl } from '../zeyos/platform';
import type { PrivateCaFetch } from '../zeyos/privateCaFetch';
import { networkError } from '../zeyos/networkError';
import { isReadableByProxy, proxyFor, routeOf, type NetworkSettings } from '../zeyos/proxy';
import type { Instance } from './instance';

interface Opened extends PrivateCaFetch {
  /** Everything it was made from. */
  readonly key: string;
}

/**
 * Sends each request as its instance is configured: by the editor's `fetch` or, if the instance has a `caFile`, by one that
 * trusts the authorities in it. Credentials are sent neither without verification nor in clear text through a proxy.
 */
export class InstanceFetch {
  readonly #editorFetch: Fetch;
  readonly #instances: () => readonly Instance[];
  readonly #network: () => NetworkSettings;
  readonly #opened = new Map<string, Opened>();

  constructor(services: { editorFetch: Fetch; instances: () => readonly Instance[]; network: () => NetworkSettings }) {
    this.#editorFetch = services.editorFetch;
    this.#instances = services.instances;
    this.#network = services.network;
  }

  /**
   * @throws {SettingsError} nothing was sent
   * @throws {NetworkError} no answer
   */
  readonly fetch: Fetch = async (url, init, platform) => {
    const target = new URL(url);
    const through = await this.#choose(target, init, platform);
    try {
      return await through(url, init, platform);
    } catch (thrown) {
      init.signal?.throwIfAborted();
      // Here it is known which way the request took, and so whether it was the proxy that failed.
      throw networkError(thrown, target, routeOf(target, this.#network()));
    }
  };

  dispose(): void {
    for (const opened of this.#opened.values()) void opened.close();
    this.#opened.clear();
  }

  async #choose(target: URL, init: RequestInit, platform: PlatformUrl): Promise<Fetch> {
    if (target.protocol === 'https:') {
      const caFile = this.#instances().find((instance) => instance.platform.href === platform.href)?.caFile;
      if (caFile !== undefined) return (await this.#open(platform, caFile, target)).fetch;
      if (!this.#network().verifies && carriesCredentials(init)) throw new SettingsError('unverified');
    } else if (isReadableByProxy(target, this.#network()) && carriesCredentials(init)) {
      throw new SettingsError('clearTextProxy');
    }
    return this.#editorFetch;
  }

  /** Reopened whenever the file, its path or the proxy has changed. */
  async #open({ href: instance }: PlatformUrl, caFile: string, target: URL): Promise<PrivateCaFetch> {
    const { openPrivateCaFetch } = await import('../zeyos/privateCaFetch.js');
    const text = await readCaFile(caFile);
    const proxy = proxyFor(target, this.#network());
    const key = JSON.stringify([caFile, text, proxy]);
    const before = this.#opened.get(instance);
    if (before?.key === key) return before;
    const opened = { key, ...openPrivateCaFetch(parseCertificates(text, caFile), proxy) };
    this.#opened.set(instance, opened);
    void before?.close();
    return opened;
  }
}

/** Only the requests that probe for ZeyOS have neither an `Authorization` nor a body. */
function carriesCredentials({ headers, body }: RequestInit): boolean {
  return new Headers(headers).has('authorization') || (body !== undefined && body !== null);
}
