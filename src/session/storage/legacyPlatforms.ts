import type { PlatformUrl } from '../../zeyos/address/platform';
import type { Memento } from './secretStorage';

const LEGACY = 'zeyos.legacyInstances';

/** The platforms that offer only the legacy login. A wrong or missing entry costs one request. */
export class LegacyPlatforms {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  has(platform: PlatformUrl): boolean {
    return this.#known.includes(platform.href);
  }

  set(platform: PlatformUrl, isLegacy: boolean): void {
    const others = this.#known.filter((other) => other !== platform.href);
    void this.#memento.update(LEGACY, isLegacy ? [...others, platform.href] : others);
  }

  get #known(): readonly unknown[] {
    const value = this.#memento.get(LEGACY);
    return Array.isArray(value) ? (value as readonly unknown[]) : [];
  }
}
