import { WEEKDAY_MS } from './words';

const FORMATS = {
  full: { dateStyle: 'medium', timeStyle: 'short' },
  date: { dateStyle: 'medium' },
  weekday: { weekday: 'short', hour: 'numeric', minute: '2-digit' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;

/** Keeps its formatters, because making one takes longer than using it a hundred times. */
export class Moments {
  readonly #locale: string;
  readonly #formatters = new Map<keyof typeof FORMATS, Intl.DateTimeFormat>();

  constructor(locale: string) {
    this.#locale = locale;
  }

  /** Writes `25 Nov 2026, 22:29`. */
  full(at: number): string {
    return this.#formatter('full').format(at);
  }

  /** Writes a future moment: `Sat 22:29` if it is near, `25 Nov 2026` if it is far. */
  short(at: number, now: number): string {
    return this.#formatter(at - now < WEEKDAY_MS ? 'weekday' : 'date').format(at);
  }

  #formatter(name: keyof typeof FORMATS): Intl.DateTimeFormat {
    const formatter = this.#formatters.get(name) ?? new Intl.DateTimeFormat(this.#locale, FORMATS[name]);
    this.#formatters.set(name, formatter);
    return formatter;
  }
}
