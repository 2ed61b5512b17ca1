import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bridge } from './bridge';
import type { HostOptions } from './host';

/** The length of a step of the turned time, and the real time after it, in milliseconds. */
const STEP_MS = 2_000;
const STEP_PAUSE_MS = 40;

/** How the test and the extension host find each other. */
export const aboutTurnedTime = {
  /**
   * Environment variable with the path of the file that tells how far the extension's time is ahead, in milliseconds.
   */
  variable: 'ZEYOS_TEST_TURNED_TIME',
  /** Property of `globalThis` in the extension host. */
  property: 'zeyosTurnedTime',
} as const;

/** What is behind the property in the extension host. */
export interface Follower {
  readonly globals: Readonly<Record<string, unknown>>;
  /** Reads the file, and lets each timer run out that is due. */
  follow(): void;
}

/**
 * The time of an editor's extension and its server, which a test turns instead of waiting: a preloaded module gives the
 * packaged extension a `Date` and timers of its own. The editor itself stays in the machine's time.
 */
export class TurnedTime {
  readonly #file: string;
  #aheadMs = 0;

  constructor(folder: string) {
    this.#file = join(folder, 'turned-time');
    this.#write();
  }

  readonly now = (): number => Date.now() + this.#aheadMs;

  /** How the editor must be started. */
  get options(): Pick<HostOptions, 'env' | 'preloads'> {
    return {
      env: { [aboutTurnedTime.variable]: this.#file },
      preloads: [join(__dirname, 'turnedTimePreload.js')],
    };
  }

  /** Turns the time forwards, in the windows with these bridges and in each window that loads later. */
  async turn(ms: number, bridges: readonly Bridge[]): Promise<void> {
    // In steps: the editor and the disk work in real time, and what they do must not look as if it took the whole time
    // that is turned.
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.#aheadMs += Math.min(left, STEP_MS);
      this.#write();
      await Promise.all(bridges.map((bridge) => bridge.evaluate(`globalThis.${aboutTurnedTime.property}.follow()`)));
      await delay(STEP_PAUSE_MS);
    }
  }

  #write(): void {
    writeFileSync(this.#file, String(this.#aheadMs));
  }
}
