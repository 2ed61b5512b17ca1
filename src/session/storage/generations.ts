import type { Clock } from '../../base/clock';
import { fingerprint } from '../model/session';

interface Known {
  /** `undefined`: the secret does not exist. */
  readonly content: string | undefined;
  /** The generation of `content` or, after a deletion, of the content before; 0: none. */
  readonly generation: number;
  readonly changes: number;
}

/** An index write or a deletion without an answer in time. Neither stores a generation. */
interface Late {
  readonly content: string | undefined;
  /** `Known.changes` when the operation began. */
  readonly changes: number;
  isAnswered: boolean;
}

/**
 * Tells older contents of a secret from newer ones: the secret storage may complete a write after its time limit, and
 * overwrite newer contents. So each write of a record has a higher generation than the record it replaces, and at least
 * the current time: two windows may replace a record without seeing each other's write.
 *
 * The generation is the record's last member, so that other windows recognise a late write too. Older versions ignore
 * it and write none; such a record counts as the newest. The index has none: it can mostly be recovered, and only the
 * window that wrote it late corrects it.
 */
export class Generations {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  /** By key, the last result of {@link next}, even if the write failed. */
  readonly #issued = new Map<string, number>();
  /** By key and generation, the fingerprints of writes that were reported as failed. */
  readonly #disowned = new Map<string, Map<number, string>>();
  readonly #late = new Map<string, Late>();
  /** By key, the generation of stored content that must be replaced. */
  readonly #outdated = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get outdated(): readonly string[] {
    return [...this.#outdated.keys()];
  }

  next(key: string): number {
    const generation = Math.max(
      this.#clock.now(),
      (this.#known.get(key)?.generation ?? 0) + 1,
      (this.#issued.get(key) ?? 0) + 1,
    );
    this.#issued.set(key, generation);
    return generation;
  }

  /** Returns the stored content, or newer content that this window knows. */
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

  written(key: string, content: string | undefined, generation: number): void {
    this.#outdated.delete(key);
    if (this.#late.get(key)?.isAnswered) this.#late.delete(key);
    this.#set(key, content, generation);
  }

  /** The write was reported as failed: it must be undone if it is completed later. */
  disown(key: string, content: string, generation: number): void {
    const disowned = this.#disowned.get(key) ?? new Map<number, string>();
    this.#disowned.set(key, disowned.set(generation, fingerprint(content)));
  }

  /**
   * An index write or a deletion (`undefined`) had no answer. If it is completed later, newer changes count. Call the
   * result when the secret storage answers.
   */
  late(key: string, content: string | undefined): () => void {
    const late: Late = { content, changes: this.#known.get(key)?.changes ?? 0, isAnswered: false };
    this.#late.set(key, late);
    return () => (late.isAnswered = true);
  }

  /** Replaces outdated content, with the lowest possible generation: a third window's newer write counts. */
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
    const disowned = this.#disowned.get(key)?.get(generation);
    if (disowned !== undefined && content !== undefined && disowned === fingerprint(content)) return true;
    if (generation < known.generation) return true;
    // A missing secret that returns with the same generation was only unreadable.
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
