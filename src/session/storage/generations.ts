import type { Clock } from '../../base/clock';

/** What this window knows of one secret. */
interface Known {
  /** `undefined`: there is no secret. */
  readonly content: string | undefined;
  /** Of `content`, or of the latest that there was; 0: none was numbered. */
  readonly generation: number;
  /** Counts how often `content` has changed, as far as this window has seen. */
  readonly changes: number;
}

/** An operation that did not answer in time and whose secret has no number to tell it by: an index, or a deletion. */
interface Late {
  readonly content: string | undefined;
  /** As `Known.changes` was then. */
  readonly changes: number;
  isAnswered: boolean;
}

/**
 * Tells an older secret from a newer one. A write of the secret storage cannot be cancelled: one that did not answer in time may be done at
 * any later moment, over what this or another window has written since. So every write of an account's secret carries a number that is
 * higher than that of what it replaces, and not lower than the clock, as two windows may replace the same secret while neither sees what the
 * other has written.
 *
 * The number is in the secret because another window must recognise a late write too. It is an optional member at the end: a version of the
 * extension that does not know it ignores it, and leaves it out when it writes. A secret without one counts as the newest. The index has
 * none, as it holds little that cannot be found out otherwise: only the window that wrote it late puts it right.
 */
export class Generations {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  /** By key, the last number that was given out, whatever became of the write. */
  readonly #issued = new Map<string, number>();
  /** By key, the writes whose failure was reported: by generation, what they would have stored. */
  readonly #disowned = new Map<string, Map<number, string>>();
  readonly #late = new Map<string, Late>();
  /** By key, the generation of what is stored although something else should be. */
  readonly #outdated = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The keys under which something else should be stored. */
  get outdated(): readonly string[] {
    return [...this.#outdated.keys()];
  }

  /** The number for a write. */
  next(key: string): number {
    const generation = Math.max(
      this.#clock.now(),
      (this.#known.get(key)?.generation ?? 0) + 1,
      (this.#issued.get(key) ?? 0) + 1,
    );
    this.#issued.set(key, generation);
    return generation;
  }

  /** What counts, given what is stored: the same, or what is known to be newer. */
  read(key: string, text: string | undefined): string | undefined {
    const { content, generation } = split(text);
    const known = this.#known.get(key);
    const late = this.#late.get(key);
    const isOutdated =
      known !== undefined && content !== known.content && this.#isOutdated(key, known, content, generation);
    if (isOutdated) {
      this.#outdated.set(key, generation ?? known.generation);
      return known.content;
    }
    if (late?.isAnswered) this.#late.delete(key);
    this.#outdated.delete(key);
    this.#set(key, content, generation ?? known?.generation ?? 0);
    return content;
  }

  /** A write was done, or a deletion. */
  written(key: string, content: string | undefined, generation: number): void {
    this.#outdated.delete(key);
    if (this.#late.get(key)?.isAnswered) this.#late.delete(key);
    this.#set(key, content, generation);
  }

  /** A write was not done in time, and whoever wanted it is told that it failed: should it be done later, it is to be undone. */
  disown(key: string, content: string, generation: number): void {
    const disowned = this.#disowned.get(key) ?? new Map<number, string>();
    this.#disowned.set(key, disowned.set(generation, content));
  }

  /**
   * A write without a number, or a deletion (`undefined`), was not done in time: should it be done later, it does not count against what has
   * changed since.
   * @returns what to call when the storage has answered
   */
  late(key: string, content: string | undefined): () => void {
    const late: Late = { content, changes: this.#known.get(key)?.changes ?? 0, isAnswered: false };
    this.#late.set(key, late);
    return () => (late.isAnswered = true);
  }

  /**
   * What is to be stored in place of what is outdated. Its generation is only just high enough, so that it does not win against what a third
   * window has written meanwhile.
   */
  correction(key: string): { readonly content: string | undefined; readonly generation: number } | undefined {
    const outdated = this.#outdated.get(key);
    const known = this.#known.get(key);
    return outdated === undefined || !known
      ? undefined
      : { content: known.content, generation: Math.max(known.generation, outdated + 1) };
  }

  #set(key: string, content: string | undefined, generation: number): void {
    const known = this.#known.get(key);
    const changes = (known?.changes ?? 0) + (known?.content === content ? 0 : 1);
    this.#known.set(key, { content, generation, changes });
  }

  #isOutdated(key: string, known: Known, content: string | undefined, generation: number | undefined): boolean {
    if (generation === undefined) {
      const late = this.#late.get(key);
      return late !== undefined && late.content === content && late.changes < known.changes;
    }
    if (this.#disowned.get(key)?.get(generation) === content || generation < known.generation) return true;
    // A secret that was gone, and is back as it was, has been unreadable for a while.
    return generation === known.generation && known.content !== undefined;
  }
}

const GENERATION = /,"generation":(\d{1,15})\}$/;

/** @param content a JSON object with at least one member */
export function withGeneration(content: string, generation: number): string {
  return `${content.slice(0, -1)},"generation":${generation}}`;
}

function split(text: string | undefined): { readonly content: string | undefined; readonly generation?: number } {
  const [end, digits] = (text !== undefined && GENERATION.exec(text)) || [];
  return text === undefined || end === undefined
    ? { content: text }
    : { content: `${text.slice(0, -end.length)}}`, generation: Number(digits) };
}
