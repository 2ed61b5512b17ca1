import { parseJsonObject } from '../base/json';
import type { Conceal } from './index';
import { maskToken } from './tokenMask';

/**
 * Members that hold secrets by their name, wherever they stand in an answer; of a token, a part tells it from another.
 */
const SECRET_MEMBER = /secret|password|^otp$|^code(_verifier)?$/i;
const TOKEN_MEMBER = /token$/i;
/** How many levels of the server's answer are shown. */
const DEEPEST_ANSWER = 20;

/**
 * A server's answer for a document: members that hold secrets by their name show nothing, tokens show their ends, and
 * the secrets that `conceal` knows appear nowhere. The result is empty if the answer is.
 *
 * @param length how much of the answer is shown, in characters
 */
export function maskAnswer(body: string, conceal: Conceal, length: number): string {
  // Where a secret of digits stood as a number, what conceals it stands outside of any quotation marks.
  const json = parseJsonObject(
    body.replace(/"(?:[^"\\]|\\.)*"|[-+.\w…]+/g, (part) =>
      part.includes('…') && !part.startsWith('"') ? '"…"' : part,
    ),
  );
  const text = json ? JSON.stringify(masked(json, conceal), undefined, 2) : conceal(body);
  // Control and bidirectional characters would change what is read.
  return text.replace(/[^\P{Cc}\n]|[\p{Cf}]/gu, ' ').slice(0, length);
}

/** Secrets are looked for in what was read, however it was written: JSON has several ways to write a letter. */
function masked(value: unknown, conceal: Conceal, depth = 0): unknown {
  if (typeof value === 'string') return conceal(value);
  if (typeof value === 'number') return isTold(value, conceal) ? value : '…';
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST_ANSWER) return '…';
  if (Array.isArray(value)) return value.map((member) => masked(member, conceal, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (SECRET_MEMBER.test(name)) return [conceal(name), '…'];
      if (TOKEN_MEMBER.test(name))
        return [conceal(name), typeof member === 'string' ? maskToken(conceal(member)) : '…'];
      return [conceal(name), masked(member, conceal, depth + 1)];
    }),
  );
}

/**
 * A secret of digits may be written as a number; of a number that is too large, reading has changed the last digits
 * only.
 */
function isTold(value: number, conceal: Conceal): boolean {
  const digits = String(value);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && conceal(digits) === digits;
}
