import assert from 'node:assert/strict';
import { quotations, allTextOf, secretsIn } from '../../support/secretSearch';

const secrets = { password: 'pä:ss "wörd"+1%', token: 'canary-token~/9==' };
const { password, token } = secrets;

describe('The search for secrets in errors', () => {
  const cases: readonly [string, unknown, readonly string[]][] = [
    ['the message', new Error(`no ${password}`), ['password']],
    ['the message in another case', new Error(password.toUpperCase()), ['password']],
    ['a percent-encoded quotation', new Error(quotations(password)['percentEncoded']), ['password']],
    ['a form-encoded quotation', new Error(quotations(password)['formEncoded']), ['password']],
    ['a part of the secret', new Error(`${token.slice(3, 11)}…`), ['token']],
    ['the cause of the cause', new Error('a', { cause: new Error('b', { cause: new Error(token) }) }), ['token']],
    ['one of several errors in an AggregateError', new AggregateError([new Error(), new Error(token)]), ['token']],
    ['a property', Object.assign(new Error(), { data: `x ${password}` }), ['password']],
    [
      'a property that is not enumerable',
      Object.defineProperty(new Error(), 'data', { value: password, enumerable: false }),
      ['password'],
    ],
    ['the name of a property', Object.assign(new Error(), { [token]: 1 }), ['token']],
    ['a symbol', Object.assign(new Error(), { [Symbol(token)]: 1 }), ['token']],
    ['bytes', Object.assign(new Error(), { data: Buffer.from(token) }), ['token']],
    ['headers', Object.assign(new Error(), { headers: new Headers({ a: token }) }), ['token']],
    ['a map in a list', Object.assign(new Error(), { of: [new Map([['a', { b: token }]])] }), ['token']],
    ['both the message and the cause', Object.assign(new Error(password), { cause: token }), ['password', 'token']],
    ['no part of an error without secrets', new Error('HTTP status 401'), []],
  ];
  for (const [where, error, expected] of cases)
    it(`finds secrets in ${where}`, () => assert.deepEqual(secretsIn(allTextOf(error), secrets), expected));

  it('finds a secret in an error that refers to itself', () => {
    const error: Error & { self?: unknown } = new Error();
    error.self = [error, token];
    assert.deepEqual(secretsIn(allTextOf(error), secrets), ['token']);
  });
});
