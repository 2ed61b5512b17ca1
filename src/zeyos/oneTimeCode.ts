import { withoutInvisible } from '../base/invisible';

/** ZeyOS has no error code for one-time codes (RFC 4226, RFC 6238): it asks for one in words only. */

const START = '(?<![\\p{L}\\p{N}])';
/** A word may be in the plural. */
const END = 's?(?![\\p{L}\\p{N}])';

/** In characters. A server may send a text of any length. */
const LONGEST_TEXT = 1_000;

/** Matched against lower case with single blanks. English comes first, then German. */
const WORDS: readonly string[] = [
  `[ht]?otp(?:[- ]?code)?${END}`,
  `(?:2|m|t)fa(?:[- ]?code)?${END}`,
  `(?:two|2|multi)[- ]?factor${END}`,
  `(?:second|2nd|additional)[- ]?(?:authentication[- ])?factor${END}`,
  `(?:two|2)[- ]?step[- ](?:verification|authentication|log[- ]?in|sign[- ]?in)${END}`,
  `(?:authentication|authenticator|verification|security|confirmation|sms|(?:6|six)[- ]digit)[- ]?code${END}`,
  `authenticator${END}`,
  `(?:one|single)[- ]?(?:time|use)[- ]?(?:log[- ]?in |sign[- ]?in )?(?:pass|code|pin|token|authentication)${END}`,
  `(?:one|single)[- ]?(?:time|use)[- ]?pass[- ]?(?:word|code|phrase)${END}`,
  // German compounds continue: "Einmalpasswörter", "Zwei-Faktor-Authentifizierung", "Sicherheitscodes".
  'einmal[- ]?(?:code|kode|passw|kennw|pin|token)',
  'einmalige[mnrs]? (?:code|kode|passw|kennw|pin)',
  '(?:zwei|2|mehr|multi)[- ]?faktor',
  '(?:zwei|2)[- ]?(?:schritt|stufen)[- ]?(?:auth|verif|bestätigung|anmeldung)',
  '(?:zweite|2\\.|zusätzliche)[mnrs]? ?(?:authentifizierungs)?faktor',
  '(?:bestätigungs|sicherheits|prüf|anmelde|sms)[- ]?[ck]ode',
  '(?:authentifizierungs|authentisierungs|authenticator|verifizierungs|verifikations)[- ]?[ck]ode',
];

export function mentionsOneTimeCode(text: string): boolean {
  return new RegExp(`${START}(?:${WORDS.join('|')})`, 'u').test(normalized(text.slice(0, LONGEST_TEXT)));
}

/** Reads an error code of joined words, such as `otp_required` or `TwoFactorRequired`. */
export function namesOneTimeCode(errorCode: string): boolean {
  const words = errorCode.replace(/([a-z])(?=[A-Z])|([A-Z0-9])(?=[A-Z][a-z])/g, '$1$2 ');
  return mentionsOneTimeCode(errorCode) || mentionsOneTimeCode(words.replace(/[.:]+/g, ' '));
}

/** Unifies umlauts, hyphens, blanks and case, and removes e-mail addresses, which may contain any word. */
function normalized(text: string): string {
  return withHyphens(text.normalize('NFKC'))
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .toLowerCase()
    .replace(/\S+@\S+/g, '')
    .replace(/_/g, ' ')
    .replace(/best(?:ae|\ufffd)tigung/g, 'bestätigung')
    .replace(/pr(?:ue|\ufffd)f/g, 'prüf')
    .replace(/zus(?:ae|\ufffd)tzlich/g, 'zusätzlich');
}

/**
 * Accepts groups, hyphens, invisible characters and any script's digits. A code that is not a number, such as a
 * recovery code, keeps its hyphens.
 */
export function parseOneTimeCode(text: string): string {
  const characters = withHyphens(withoutInvisible(text.normalize('NFKC')))
    .replace(/\p{Nd}/gu, asciiDigit)
    .replace(/ /g, '');
  const digits = characters.replace(/[-.·_]/g, '');
  return /^\d+$/.test(digits) ? digits : characters;
}

function withHyphens(text: string): string {
  return text.replace(/[\p{Pd}\u2212]/gu, '-');
}

/** Unicode orders the digits of each script from zero to nine. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}
