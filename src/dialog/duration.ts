import { textLanguage } from './language';

export type DurationUnit = 'day' | 'hour' | 'minute' | 'second';

/**
 * English uses the symbols of the International System of Units, because CLDR's `hr` and `sec` are longer and no
 * clearer.
 */
const ENGLISH_SYMBOLS: Readonly<Record<DurationUnit, string>> = { day: 'd', hour: 'h', minute: 'min', second: 's' };

/**
 * Writes a number of one unit in the language of the texts: `5 h` if short, `5 hours` if long. `Intl.DurationFormat`
 * would write several units at once, but the Node of the oldest editor lacks it.
 */
export function durationText(count: number, unit: DurationUnit, unitDisplay: 'short' | 'long'): string {
  const language = textLanguage();
  if (language === 'en' && unitDisplay === 'short') return `${count} ${ENGLISH_SYMBOLS[unit]}`;
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay }).format(count);
}
