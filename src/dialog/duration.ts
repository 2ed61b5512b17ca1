import { textLanguage } from './language';

export type DurationUnit = 'day' | 'hour' | 'minute' | 'second';

/** English writes the symbols of the International System of Units, because CLDR's `hr` and `sec` are longer and no clearer. */
const ENGLISH_SYMBOLS: Readonly<Record<DurationUnit, string>> = { day: 'd', hour: 'h', minute: 'min', second: 's' };

/**
 * A number of one unit in the language of the texts: `5 h` if short, `5 hours` if long. `Intl.DurationFormat` would format
 * several units at once, but the Node of the oldest editor does not have it.
 */
export function durationText(count: number, unit: DurationUnit, unitDisplay: 'short' | 'long'): string {
  const language = textLanguage();
  return language === 'en' && unitDisplay === 'short'
    ? `${count} ${ENGLISH_SYMBOLS[unit]}`
    : new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay }).format(count);
}
