import { inspect } from 'node:util';

/** What was said in confidence, by what it is. */
export type Confidences = Readonly<Record<string, string>>;

/** How far a secret may be cut before what is left of it is none, in characters. */
const SHORTEST = 8;

/** The ways in which a server quotes what it was told, by name. */
export function quotations(secret: string): Readonly<Record<string, string>> {
  return {
    raw: secret,
    percentEncoded: encodeURIComponent(secret),
    formEncoded: new URLSearchParams({ '': secret }).toString().slice(1),
  };
}

/** Every text in which a secret would be told: whole in any quotation, or a part of it. */
function traces(secret: string): readonly string[] {
  const parts = Array.from({ length: Math.max(0, secret.length - SHORTEST + 1) }, (_, at) =>
    secret.slice(at, at + SHORTEST),
  );
  return [...Object.values(quotations(secret)), ...parts].map((text) => text.toLowerCase());
}

/** Which of the secrets a text tells, in whatever case. */
export function toldBy(text: string, confidences: Confidences): readonly string[] {
  const lowerCase = text.toLowerCase();
  return Object.entries(confidences).flatMap(([name, secret]) =>
    traces(secret).some((trace) => lowerCase.includes(trace)) ? [name] : [],
  );
}

/** Everything that can be read in a value: as `inspect` shows it, and all texts in all its properties, hidden ones and causes too. */
export function readable(value: unknown): string {
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
