import type { PlatformUrl } from '../../zeyos/address/platform';
import { Changes } from '../../base/changes';

/** The platforms that did not answer the last request. This says nothing about their sessions. */
export class Reachability {
  readonly #changes = new Changes();
  readonly #unreachable = new Map<string, PlatformUrl>();

  isReachable(platform: PlatformUrl): boolean {
    return !this.#unreachable.has(platform.href);
  }

  get unreachable(): readonly PlatformUrl[] {
    return [...this.#unreachable.values()];
  }

  get onDidChange(): Changes['onDidChange'] {
    return this.#changes.onDidChange;
  }

  /** Passes on a call's result, and notes whether the server answered. */
  async watch<T>(platform: PlatformUrl, call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      this.#note(platform, true);
      return answer;
    } catch (error) {
      const isReachable = await tellsReachable(error);
      if (isReachable !== undefined) this.#note(platform, isReachable);
      throw error;
    }
  }

  #note(platform: PlatformUrl, reachable: boolean): void {
    const changed = reachable ? this.#unreachable.delete(platform.href) : !this.#unreachable.has(platform.href);
    if (!reachable) this.#unreachable.set(platform.href, platform);
    if (changed) this.#changes.fire();
  }
}

/**
 * Whether a failed call shows that the server answers: it rejected the request, does not offer it, or is busy.
 * `undefined`: unknown. Loads the failure classes at the first failure.
 */
async function tellsReachable(error: unknown): Promise<boolean | undefined> {
  const { HttpError, OAuthError, isInconclusive } = await import('../../zeyos/errors.js');
  const isAnswer =
    error instanceof OAuthError || (error instanceof HttpError && [404, 405, 429].includes(error.status));
  if (isAnswer) return true;
  return isInconclusive(error) ? false : undefined;
}
