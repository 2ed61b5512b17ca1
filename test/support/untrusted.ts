import fc from 'fast-check';

/** Texts that could be rendered, clicked or run, or that change how other text is read. */
export const HOSTILE_TEXTS = [
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

/** Any text, often with misleading parts. */
export const text = fc.oneof(
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
      ),
      { maxLength: 10 },
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

/** A JSON value, sometimes in a form that `JSON.stringify` does not produce. */
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
 * The body of an answer: any text, but mostly an object that is almost valid, which passes careless checks.
 * @param members valid values by name
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

/** Bytes in chunks, as a connection delivers them. */
export function inParts(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<readonly Uint8Array[]> {
  return fc.tuple(bytes, fc.array(fc.nat(40), { maxLength: 4 })).map(([whole, lengths]) => {
    let at = 0;
    const parts = lengths.map((length) => whole.subarray(at, (at += length)));
    return [...parts, whole.subarray(at)].filter(({ length }) => length > 0);
  });
}
