import type { PlatformUrl } from '../../zeyos/address/platform';
import { Changes } from '../../base/changes';

/** The instances that could not be reached at the last request. Their sessions may be good. */
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

  /** Passes on the result of a call, and notes whether the server answered. */
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
 * `undefined` if the error does not show whether the server can be reached. Loads the error classes when it is needed.
 */
async function tellsReachable(error: unknown): Promise<boolean | undefined> {
  const { HttpError, OAuthError, isInconclusive } = await import('../../zeyos/errors.js');
  const isAnswer =
    error instanceof OAuthError || (error instanceof HttpError && [404, 405, 429].includes(error.status));
  if (isAnswer) return true;
  return isInconclusive(error) ? false : undefined;
}
