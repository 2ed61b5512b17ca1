import type { Memory } from './accountSecrets';

const LEGACY = 'zeyos.legacyInstances';

/** Which instances have only the legacy login, by their canonical platform URLs. A guess that is lost or wrong costs one call. */
export class LegacyInstances {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  has(instance: string): boolean {
    return this.#known.includes(instance);
  }

  set(instance: string, isLegacy: boolean): void {
    const others = this.#known.filter((other) => other !== instance);
    void this.#memory.update(LEGACY, isLegacy ? [...others, instance] : others);
  }

  get #known(): readonly unknown[] {
    const value = this.#memory.get(LEGACY);
    return Array.isArray(value) ? (value as readonly unknown[]) : [];
  }
}
