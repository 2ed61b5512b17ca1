import fc from 'fast-check';

/** What may be shown, clicked or run where it does not belong, or change how the rest reads. */
export const NASTY = [
  '[x](command:zeyos.signOut)',
  '[x](https://evil.example)',
  '](',
  '] (',
  '![x](',
  '<a href="command:x">',
  '<img src=x onerror=alert(1)>',
  '<!--',
  '&lt;',
  'command:',
  'COMMAND:x',
  '$(error)',
  '$(',
  '\\$(',
  '`',
  '```',
  '~~~',
  '|',
  '\\',
  '*',
  '_',
  '# ',
  'https://evil.example',
  'www.evil.example',
  'a@evil.example',
  '\n',
  '\r\n',
  '\t',
  '\u0000',
  '\u001b[31m',
  '\u0007',
  '\u009b',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u00ad',
  '\ufeff',
  '\u3164',
  '\ue900',
  '\ud800',
  '{0}',
  '%s',
  '__proto__',
  ' ',
  'a',
  'ß',
  '😀',
] as const;

/** Text from elsewhere: anything at all, and often what is meant to deceive. */
export const text = fc.oneof(
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
      ),
      { maxLength: 10 },
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

/** A member's value as it is written, and not always as `JSON.stringify` would. */
const json = (good: readonly unknown[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...good).map((value) => JSON.stringify(value)) },
    {
      weight: 2,
      arbitrary: fc
        .oneof(fc.jsonValue(), text, fc.double(), fc.integer(), fc.bigInt().map(String))
        .map((value) => JSON.stringify(value) ?? 'null'),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '1e999',
        '-1e999',
        '1e-400',
        '-0',
        '9007199254740993',
        '8640000000000001',
        '253402300800',
        '4e12',
        '"3600"',
        '"\\ud800"',
        '"\\u0000"',
        '""',
        'null',
        '{"__proto__":{"exp":1}}',
      ),
    },
  );

/**
 * The body of an answer: anything at all, and mostly an object that is nearly right, which is what gets past a careless guard.
 * @param members by name, what a good server might say
 */
export function bodies(members: Readonly<Record<string, readonly unknown[]>>): fc.Arbitrary<string> {
  const member = fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .constantFrom(...Object.keys(members))
        .chain((name) => json(members[name] ?? []).map((value) => `${JSON.stringify(name)}:${value}`)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('__proto__', 'constructor', 'toString', ''), json([{}]))
        .map(([name, value]) => `${JSON.stringify(name)}:${value}`),
    },
  );
  const object = fc
    .array(member, { maxLength: 2 * Object.keys(members).length })
    .map((parts) => `{${parts.join(',')}}`);
  return fc.oneof(
    { weight: 10, arbitrary: object },
    { weight: 1, arbitrary: fc.tuple(object, fc.nat(200)).map(([whole, length]) => whole.slice(0, length)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        ' ',
        '\ufeff{}',
        '[]',
        'null',
        '"a"',
        '<html>',
        '\n<!doctype html>',
        '['.repeat(100_000),
        `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
      ),
    },
    { weight: 1, arbitrary: fc.oneof(fc.json(), fc.string({ unit: 'binary' })) },
  );
}

/** The value of a header: what HTTP lets through. */
export const headerText = fc
  .oneof(
    fc.string({
      unit: fc
        .integer({ min: 0x20, max: 0xff })
        .filter((unit) => unit !== 0x7f)
        .map((unit) => String.fromCharCode(unit)),
    }),
    fc
      .array(
        fc.constantFrom(
          'Bearer',
          'Basic',
          'Negotiate',
          ' ',
          '  ',
          ',',
          '=',
          '"',
          '\\"',
          'realm',
          'realm=',
          'realm="demo"',
          'REALM=DEMO',
          'realm="other"',
          'demo',
          'error="invalid_token"',
          '\t',
          ';',
          'a',
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join('')),
  )
  .map((value) => value.trim());

/** Bytes in parts, as a connection brings them. */
export function inParts(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<readonly Uint8Array[]> {
  return fc.tuple(bytes, fc.array(fc.nat(40), { maxLength: 4 })).map(([whole, lengths]) => {
    let at = 0;
    const parts = lengths.map((length) => whole.subarray(at, (at += length)));
    return [...parts, whole.subarray(at)].filter(({ length }) => length > 0);
  });
}
