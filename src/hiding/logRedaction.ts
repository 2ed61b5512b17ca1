import { redactTokens, redactUserInfos } from './redaction';

/** What is called a secret, in a form or in JSON. */
const NAMED = /((?:token|secret|password|passwd|\b(?:otp|code|code_verifier))(?:"?\s*=\s*"?|"\s*:\s*"))[^\s"'&;,]+/gi;
/**
 * A long run of token letters in which a letter follows a digit: words have their numbers at their ends. UUIDs, which
 * name accounts, do not count.
 */
const RANDOM = /(?<![\w+~-])(?![\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\w+~-]))(?=[\w+~-]*\d[a-z])[\w+~-]{32,}=*/gi;
/** A token by its own prefix. */
const PREFIXED = /\b[a-z_]{0,20}token_(?=\w*\d)\w+/gi;

/** Safety net: redacts anything that looks like a secret. No line is written with one on purpose. */
export function redactLogLine(message: string): string {
  return redactTokens(
    redactUserInfos(message)
      .replace(NAMED, '$1[redacted]')
      .replace(PREFIXED, '[redacted]')
      .replace(RANDOM, '[redacted]'),
    '[redacted]',
  );
}
