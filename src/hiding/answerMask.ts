import { parseJsonObject } from '../base/json';
import type { Conceal } from './index';
import { maskToken } from './tokenMask';

/** Names of members that hold secrets. Of a token, a part stays visible to identify it. */
const SECRET_MEMBER = /secret|password|^otp$|^code(_verifier)?$/i;
const TOKEN_MEMBER = /token$/i;
const DEEPEST_ANSWER = 20;

/**
 * Masks a server's answer for a document: members with secret names show nothing, tokens show their ends, and secrets
 * that `conceal` knows appear nowhere. An empty answer stays empty.
 * @param length the longest result, in characters
 */
export function maskAnswer(body: string, conceal: Conceal, length: number): string {
  // Quotes an ellipsis that replaces a number: without quotation marks, it is not JSON.
  const json = parseJsonObject(
    body.replace(/"(?:[^"\\]|\\.)*"|[-+.\w…]+/g, (part) =>
      part.includes('…') && !part.startsWith('"') ? '"…"' : part,
    ),
  );
  const text = json ? JSON.stringify(masked(json, conceal), undefined, 2) : conceal(body);
  // Control and bidirectional characters would change what is read.
  return text.replace(/[^\P{Cc}\n]|[\p{Cf}]/gu, ' ').slice(0, length);
}

/** Conceals secrets in the parsed values, because JSON has several ways to write a letter. */
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

/** False for a secret of digits, and for a number too large to compare: parsing changes its last digits. */
function isTold(value: number, conceal: Conceal): boolean {
  const digits = String(value);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && conceal(digits) === digits;
}
