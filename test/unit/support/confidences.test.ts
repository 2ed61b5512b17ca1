import assert from 'node:assert/strict';
import { quotations, readable, toldBy } from '../../support/confidences';

const confidences = { password: 'pä:ss "wörd"+1%', token: 'canary-token~/9==' };
const { password, token } = confidences;

describe('What the tests find of a secret', () => {
  const telling: readonly [string, unknown, readonly string[]][] = [
    ['its words', new Error(`no ${password}`), ['password']],
    ['its words in another case', new Error(password.toUpperCase()), ['password']],
    ['a quotation', new Error(quotations(password)['percentEncoded']), ['password']],
    ['a form’s quotation', new Error(quotations(password)['formEncoded']), ['password']],
    ['a part of it', new Error(`${token.slice(3, 11)}…`), ['token']],
    ['its cause’s cause', new Error('a', { cause: new Error('b', { cause: new Error(token) }) }), ['token']],
    ['one of several errors at once', new AggregateError([new Error(), new Error(token)]), ['token']],
    ['a property', Object.assign(new Error(), { data: `x ${password}` }), ['password']],
    [
      'a hidden property',
      Object.defineProperty(new Error(), 'data', { value: password, enumerable: false }),
      ['password'],
    ],
    ['the name of a property', Object.assign(new Error(), { [token]: 1 }), ['token']],
    ['a symbol', Object.assign(new Error(), { [Symbol(token)]: 1 }), ['token']],
    ['bytes', Object.assign(new Error(), { data: Buffer.from(token) }), ['token']],
    ['headers', Object.assign(new Error(), { headers: new Headers({ a: token }) }), ['token']],
    ['a map in a list', Object.assign(new Error(), { of: [new Map([['a', { b: token }]])] }), ['token']],
    ['both', Object.assign(new Error(password), { cause: token }), ['password', 'token']],
    ['nothing', new Error('HTTP status 401'), []],
  ];
  for (const [where, error, expected] of telling)
    it(`is told by ${where}`, () => assert.deepEqual(toldBy(readable(error), confidences), expected));

  it('in what refers to itself is found as well', () => {
    const error: Error & { self?: unknown } = new Error();
    error.self = [error, token];
    assert.deepEqual(toldBy(readable(error), confidences), ['token']);
  });
});
