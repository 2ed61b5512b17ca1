import { randomBytes } from 'node:crypto';
import type { Memento, SecretStorage } from '../session/storage/secretStorage';
import { isJsonObject } from '../base/json';
import { bad, good, warning, type Finding } from './finding';
import { TimeoutError, within, type Bound } from '../base/deadline';

/** Saved outside of the secret storage, to find out whether that keeps a secret. */
interface Mark {
  /** The start of the editor that wrote the mark. */
  readonly start: string;
  /** Whether the previous start's secret was still there; absent: there was none. */
  readonly kept?: boolean;
  /** How many starts in a row the secret was lost. */
  readonly losses: number;
}

const PROBE = 'zeyos.diagnosis.probe';
/** The key of the secret and of the mark. */
const MARK = 'zeyos.diagnosis.mark';

/**
 * Checks whether the secret storage works and keeps secrets after the editor ends: without a keyring, it is in memory
 * only. Only the next start can tell, so each start leaves a mark.
 */
export class SecretStorageCheck {
  readonly #secrets: SecretStorage;
  readonly #memento: Memento;
  readonly #start: string;

  /** @param services.start identifies the start of the editor, in all its windows */
  constructor(services: { secrets: SecretStorage; memento: Memento; start: string }) {
    this.#secrets = services.secrets;
    this.#memento = services.memento;
    this.#start = services.start;
  }

  /**
   * Compares the previous start's mark, and leaves one.
   * @throws if the storage fails
   */
  async leaveMark(): Promise<void> {
    const before = readMark(this.#memento.get(MARK));
    if (before?.start === this.#start) return;
    const found = await this.#secrets.get(MARK);
    // Another window of this start was faster, and its mark has not arrived here yet.
    if (found === this.#start) return;
    await this.#secrets.store(MARK, this.#start);
    const kept = found === before?.start;
    await this.#memento.update(MARK, {
      start: this.#start,
      ...(before && { kept }),
      losses: before && !kept ? before.losses + 1 : 0,
    } satisfies Mark);
  }

  /**
   * @throws the reason of the bound's signal
   */
  async check(bound: Bound): Promise<Finding> {
    try {
      const isKept = await within(bound, async () => {
        if (!(await this.#tryOut())) return false;
        await this.leaveMark();
        return true;
      });
      return isKept ? this.#judge() : bad('secretStorage.keepsNothing');
    } catch (error) {
      bound.signal?.throwIfAborted();
      return error instanceof TimeoutError
        ? bad('secretStorage.late', { seconds: Math.round(bound.ms / 1000) })
        : bad('secretStorage.fails', { error: error instanceof Error ? error.message : '' });
    }
  }

  async #tryOut(): Promise<boolean> {
    const value = randomBytes(16).toString('base64url');
    // Windows that check at the same time must not read each other's secret.
    const key = `${PROBE}.${randomBytes(4).toString('hex')}`;
    await this.#secrets.store(key, value);
    const read = await this.#secrets.get(key);
    await this.#secrets.delete(key);
    return read === value && (await this.#secrets.get(key)) === undefined;
  }

  #judge(): Finding {
    const mark = readMark(this.#memento.get(MARK));
    if (mark?.start !== this.#start || mark.kept === undefined) return good('secretStorage.works');
    if (mark.kept) return good('secretStorage.persists');
    return mark.losses > 1 ? bad('secretStorage.forgets', { starts: mark.losses }) : warning('secretStorage.lostOnce');
  }
}

function readMark(value: unknown): Mark | undefined {
  const { start, kept, losses } = (isJsonObject(value) ? value : {}) as Partial<Record<keyof Mark, unknown>>;
  return typeof start === 'string'
    ? { start, ...(typeof kept === 'boolean' && { kept }), losses: typeof losses === 'number' ? losses : 0 }
    : undefined;
}
