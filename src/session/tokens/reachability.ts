import { HttpError, OAuthError, isInconclusive } from '../../zeyos/errors';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { Changes } from '../../base/changes';

/** Which instances could not be reached when last tried. It says nothing about their sessions. */
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

  /** Passes a call's outcome on, having taken note of whether there was an answer. */
  async watch<T>(platform: PlatformUrl, call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      this.#note(platform, true);
      return answer;
    } catch (error) {
      if (isAnswer(error)) this.#note(platform, true);
      else if (isInconclusive(error)) this.#note(platform, false);
      throw error;
    }
  }

  #note(platform: PlatformUrl, reachable: boolean): void {
    const changed = reachable ? this.#unreachable.delete(platform.href) : !this.#unreachable.has(platform.href);
    if (!reachable) this.#unreachable.set(platform.href, platform);
    if (changed) this.#changes.fire();
  }
}

/** What only a server says that was reached: no, not here, or not so fast. */
function isAnswer(error: unknown): boolean {
  return error instanceof OAuthError || (error instanceof HttpError && [404, 405, 429].includes(error.status));
}
