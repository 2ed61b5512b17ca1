import { inspect } from 'node:util';

/** Secrets of a request by name. */
export type RequestSecrets = Readonly<Record<string, string>>;

/** Minimum length in characters of a part of a secret that counts as a leak. */
const SHORTEST = 8;

/** The forms in which a server may quote a secret, by name. */
export function quotations(secret: string): Readonly<Record<string, string>> {
  return {
    raw: secret,
    percentEncoded: encodeURIComponent(secret),
    formEncoded: new URLSearchParams({ '': secret }).toString().slice(1),
  };
}

/** Returns each text that reveals a secret, in lower case: the whole secret in any form, or a part of it. */
function leakedForms(secret: string): readonly string[] {
  const parts = Array.from({ length: Math.max(0, secret.length - SHORTEST + 1) }, (_, at) =>
    secret.slice(at, at + SHORTEST),
  );
  return [...Object.values(quotations(secret)), ...parts].map((text) => text.toLowerCase());
}

/** Returns the names of the secrets that a text reveals. */
export function secretsIn(text: string, secrets: RequestSecrets): readonly string[] {
  const lowerCase = text.toLowerCase();
  return Object.entries(secrets).flatMap(([name, secret]) =>
    leakedForms(secret).some((trace) => lowerCase.includes(trace)) ? [name] : [],
  );
}

/**
 * Returns every text in a value: the output of `inspect`, and all strings in all properties, including hidden ones and
 * causes.
 */
export function allTextOf(value: unknown): string {
  const texts: string[] = [
    inspect(value, {
      depth: Infinity,
      showHidden: true,
      getters: true,
      maxArrayLength: Infinity,
      maxStringLength: Infinity,
      breakLength: Infinity,
    }),
  ];
  const seen = new Set<unknown>();
  const read = (at: unknown): void => {
    if (typeof at === 'string') texts.push(at);
    if (typeof at === 'symbol') texts.push(at.description ?? '');
    if (typeof at !== 'object' || at === null || seen.has(at)) return;
    seen.add(at);
    if (ArrayBuffer.isView(at))
      return void texts.push(Buffer.from(at.buffer, at.byteOffset, at.byteLength).toString('latin1'));
    if (Symbol.iterator in at) [...(at as Iterable<unknown>)].forEach(read);
    for (const key of Reflect.ownKeys(at)) [key, Reflect.get(at, key)].forEach(read);
  };
  read(value);
  return texts.join('\n');
}
