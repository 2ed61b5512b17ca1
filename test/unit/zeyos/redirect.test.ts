import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { parseRedirect, RedirectMismatchError, type RedirectProblem } from '../../../src/zeyos/redirect';

const platform = PlatformUrl.parse('https://cloud.zeyos.com/demo');
const redirectUri = 'http://127.0.0.1:9005/callback';
const state = 'kJ4-stateValue_0123456789';
const code = 'c0de-Value.~9876543210';
const expected = { platform, redirectUri, state };

const refusedAs = (problem: RedirectProblem) => (error: unknown) =>
  error instanceof RedirectMismatchError && error.problem === problem;
const secret = fc.stringMatching(/^[\w~.-]{8,43}$/);
const text = fc.string({ unit: 'grapheme', minLength: 1 });
const port = fc.integer({ min: 1, max: 65_535 });
const path = fc.stringMatching(/^(\/[\w~-]{1,8}){1,3}$/);
const known = ['code', 'state', 'error', 'error_description'];

function address(uri: string, parameters: Iterable<readonly [string, string]>): string {
  return `${uri}?${new URLSearchParams([...parameters].map(([name, value]): [string, string] => [name, value])).toString()}`;
}

describe('The redirect of an authorization', () => {
  it('yields the code for any code, state and additional parameters', () => {
    const others = fc
      .uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 4 })
      .filter((pairs) => pairs.every(([name]) => !known.includes(name)));
    fc.assert(
      fc.property(port, path, secret, text, others, fc.boolean(), (port, path, state, code, others, last) => {
        const redirectUri = `http://127.0.0.1:${port}${path}`;
        const own: [string, string][] = [
          ['code', code],
          ['state', state],
        ];
        const url = address(redirectUri, last ? [...others, ...own] : [...own, ...others]);
        assert.deepEqual(parseRedirect(url, { platform, redirectUri, state }), { code: code });
        assert.deepEqual(parseRedirect(new URL(url), { platform, redirectUri, state }), { code: code });
      }),
    );
  });

  const same: readonly [string, string][] = [
    ['with white space around it', `  ${redirectUri}?code=a&state=${state}\n`],
    [
      'with invisible characters around it and in it',
      `\ufeff${redirectUri.replace('callback', 'call\u200bback')}?code=a&st\u00adate=${state}\u00a0`,
    ],
    ['with a line end in it', `${redirectUri}?code=a\r\n&state=${state}`],
    ['with a fragment that the browser carried over', `${redirectUri}?code=a&state=${state}#_=_`],
    ['with scheme and host in capitals', `HTTP://127.0.0.1:9005/callback?code=a&state=${state}`],
    ['with an empty error parameter', `${redirectUri}?code=a&state=${state}&error=`],
  ];
  for (const [name, url] of same)
    it(`is accepted ${name}`, () => assert.deepEqual(parseRedirect(url, expected), { code: 'a' }));

  it('is accepted with and without the default port', () => {
    for (const redirectUri of ['http://127.0.0.1/callback', 'http://127.0.0.1:80/callback']) {
      for (const url of ['http://127.0.0.1/callback', 'http://127.0.0.1:80/callback']) {
        assert.deepEqual(parseRedirect(`${url}?code=a&state=${state}`, { platform, redirectUri, state }), {
          code: 'a',
        });
      }
    }
  });

  it('may have another scheme if the redirect URI has it', () => {
    const redirectUri = 'vscode://zeyos.zeyos-auth/callback';
    assert.deepEqual(parseRedirect(`${redirectUri}?code=a&state=${state}`, { platform, redirectUri, state }), {
      code: 'a',
    });
    assert.throws(
      () =>
        parseRedirect(`vscode://another.extension/callback?code=a&state=${state}`, { platform, redirectUri, state }),
      refusedAs('otherAddress'),
    );
  });

  const refused: readonly [string, RedirectProblem][] = [
    ['', 'notUrl'],
    ['  ', 'notUrl'],
    [code, 'notUrl'],
    [`?code=a&state=${state}`, 'notUrl'],
    [`/callback?code=a&state=${state}`, 'notUrl'],
    [`127.0.0.1:9005/callback?code=a&state=${state}`, 'notUrl'],
    [`http://127.0.0.1:99999/callback?code=a&state=${state}`, 'notUrl'],
    [`https://127.0.0.1:9005/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://localhost:9005/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://[::1]:9005/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.2:9005/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.1.evil.example:9005/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.1:9005@evil.example/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://user@127.0.0.1:9005/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://:pass@127.0.0.1:9005/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.1/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.1:9006/callback?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.1:9005/?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.1:9005/callback/?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.1:9005/Callback?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.1:9005/callback%2f?code=a&state=${state}`, 'otherAddress'],
    [`http://127.0.0.1:9005/callback;a?code=a&state=${state}`, 'otherAddress'],
    [`javascript:alert(1)//?code=a&state=${state}`, 'otherAddress'],
    [`${redirectUri}?code=a&code=a&state=${state}`, 'duplicate'],
    [`${redirectUri}?code=a&state=${state}&state=${state}`, 'duplicate'],
    [`${redirectUri}?code=a&state=${state}&st%61te=x`, 'duplicate'],
    [`${redirectUri}?error=a&error=b&state=${state}`, 'duplicate'],
    [`${redirectUri}?x=a&x=b&code=a&state=${state}`, 'duplicate'],
    [redirectUri, 'state'],
    [`${redirectUri}?code=a`, 'state'],
    [`${redirectUri}?code=a&state=`, 'state'],
    [`${redirectUri}?code=a&State=${state}`, 'state'],
    [`${redirectUri}?code=a&state=${state}x`, 'state'],
    [`${redirectUri}?code=a&state=${state.slice(1)}`, 'state'],
    [`${redirectUri}?code=a&state=${state.toUpperCase()}`, 'state'],
    [`${redirectUri}?code=a&state=${state}%00`, 'state'],
    [`${redirectUri}?code=a&state=%20${state}`, 'state'],
    [`${redirectUri}?code=a&state[]=${state}`, 'state'],
    [`${redirectUri}?code=a;state=${state}`, 'state'],
    [`${redirectUri}#code=a&state=${state}`, 'state'],
    [`${redirectUri}?error=access_denied`, 'state'],
    [`${redirectUri}?error=access_denied&state=other`, 'state'],
    [`${redirectUri}?state=${state}`, 'noCode'],
    [`${redirectUri}?code=&state=${state}`, 'noCode'],
    [`${redirectUri}?Code=a&state=${state}`, 'noCode'],
    [`${redirectUri}?error=&state=${state}`, 'noCode'],
    [`${redirectUri}?error_description=no&state=${state}`, 'noCode'],
  ];
  for (const [url, problem] of refused) {
    it(`is refused for the problem "${problem}" if it is ${JSON.stringify(url)}`, () =>
      assert.throws(() => parseRedirect(url, expected), refusedAs(problem)));
  }

  it('is refused if the expected state or redirect URI is empty', () => {
    assert.throws(
      () => parseRedirect(`${redirectUri}?code=a&state=`, { platform, redirectUri, state: '' }),
      refusedAs('state'),
    );
    assert.throws(
      () => parseRedirect(`${redirectUri}?code=a&state=${state}`, { platform, redirectUri: '', state }),
      refusedAs('otherAddress'),
    );
  });

  describe('with an issuer', () => {
    const from = (iss: string, more = `code=${code}`, asked = platform) =>
      parseRedirect(`${redirectUri}?${more}&state=${state}&iss=${encodeURIComponent(iss)}`, {
        ...expected,
        platform: asked,
      });
    const accepted = [
      '',
      'https://cloud.zeyos.com/demo',
      'https://cloud.zeyos.com/demo/',
      'https://CLOUD.ZeyOS.com/demo',
      'HTTPS://cloud.zeyos.com/demo',
      'https://cloud.zeyos.com:443/demo',
      'https://cloud.zeyos.com:443/demo/',
      'https://cloud.zeyos.com',
      'https://cloud.zeyos.com/',
      'https://CLOUD.zeyos.com:443',
      'https://cloud.zeyos.com/demo/oauth2',
      'https://cloud.zeyos.com/demo/oauth2/v1',
      'https://cloud.zeyos.com/demo/oauth2/v1/',
    ];
    for (const iss of accepted)
      it(`is accepted from ${JSON.stringify(iss)}`, () => assert.deepEqual(from(iss), { code }));

    const refusedIssuers = [
      'https://cloud.zeyos.com/acme',
      'https://cloud.zeyos.com/demo2',
      'https://cloud.zeyos.com/demon',
      'https://cloud.zeyos.com/dem',
      'https://cloud.zeyos.com/Demo',
      'https://cloud.zeyos.com/acme/demo',
      'https://cloud.zeyos.com/oauth2/v1',
      'https://cloud.zeyos.com//demo',
      'https://cloud.zeyos.com/demo//',
      'https://cloud.zeyos.com/demo//oauth2',
      'https://cloud.zeyos.com/demo/../acme',
      'https://cloud.zeyos.com/acme/../demo',
      'https://cloud.zeyos.com/demo/..',
      'https://cloud.zeyos.com/demo/.',
      'https://cloud.zeyos.com/demo/%2e%2e/acme',
      'https://cloud.zeyos.com/demo/..%2facme',
      'https://cloud.zeyos.com/demo%2f..%2facme',
      'https://cloud.zeyos.com/%64emo',
      'https://cloud.zeyos.com/demo/%2E',
      'https://cloud.zeyos.com/demo/..;/acme',
      'https://cloud.zeyos.com/demo\\..\\acme',
      'https://cloud.zeyos.com\\demo',
      'http://cloud.zeyos.com/demo',
      'https://cloud.zeyos.com:444/demo',
      'https://zeyos.com/demo',
      'https://cloud.zeyos.com.evil.example/demo',
      'https://evil.example/demo',
      'https://evil.example/https://cloud.zeyos.com/demo',
      'https://cloud.zeyos.com@evil.example/demo',
      'https://user@cloud.zeyos.com/demo',
      'https://cloud.zeyos.com./demo',
      'https://cloud.zeyos.com/demo?x=1',
      'https://cloud.zeyos.com/demo?',
      'https://cloud.zeyos.com/demo#x',
      'https://cloud.zeyos.com/demo#',
      'https://cloud.zeyos.com?/demo',
      ' https://cloud.zeyos.com/demo',
      'https://cloud.zeyos.com/demo\n',
      'https://cloud.zeyos.com/de\tmo',
      'https:/cloud.zeyos.com/demo',
      'https:cloud.zeyos.com/demo',
      '//cloud.zeyos.com/demo',
      '/demo',
      'demo',
      'cloud.zeyos.com/demo',
      'ftp://cloud.zeyos.com/demo',
      'javascript:alert(1)',
      'null',
      ' ',
    ];
    for (const iss of refusedIssuers) {
      it(`is refused from ${JSON.stringify(iss)}, and the error names it`, () => {
        for (const more of [`code=${code}`, 'error=access_denied']) {
          assert.throws(
            () => from(iss, more),
            (error) => refusedAs('issuer')(error) && (error as RedirectMismatchError).issuer === iss,
          );
        }
      });
    }

    it('compares the issuer with scheme, port and path of the platform', () => {
      const local = PlatformUrl.parse('http://127.0.0.1:8080/zeyos/demo');
      for (const iss of [
        'http://127.0.0.1:8080/zeyos/demo',
        'http://127.0.0.1:8080',
        'http://127.0.0.1:8080/zeyos/demo/oauth2/v1',
      ])
        assert.deepEqual(from(iss, `code=${code}`, local), { code });
      for (const iss of [
        'http://127.0.0.1:8080/zeyos',
        'http://127.0.0.1/zeyos/demo',
        'https://127.0.0.1:8080/zeyos/demo',
        'http://localhost:8080/zeyos/demo',
      ])
        assert.throws(() => from(iss, `code=${code}`, local), refusedAs('issuer'));
    });

    it('is refused for a wrong state or two issuers before the issuer is compared', () => {
      assert.throws(
        () => parseRedirect(`${redirectUri}?code=${code}&state=x&iss=https://evil.example`, expected),
        refusedAs('state'),
      );
      assert.throws(
        () =>
          parseRedirect(
            `${redirectUri}?code=${code}&state=${state}&iss=https://cloud.zeyos.com/demo&iss=https://evil.example`,
            expected,
          ),
        refusedAs('duplicate'),
      );
    });

    it('is refused with an error that hides a code and a state in the issuer', () => {
      assert.throws(
        () => from(`https://evil.example/${code}/${state}`),
        (error) =>
          error instanceof RedirectMismatchError &&
          error.problem === 'issuer' &&
          !`${error.issuer}${error.message}`.includes(code) &&
          !error.issuer.includes(state),
      );
    });
  });

  it('with an error throws the server’s error, even if it has a code too', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('access_denied', 'invalid_scope', 'server_error', 'x-Vendor.17'),
        fc.option(text),
        fc.boolean(),
        (error, description, hasCode) => {
          const parameters: [string, string][] = [
            ['error', error],
            ['state', state],
          ];
          if (description !== null) parameters.push(['error_description', description]);
          if (hasCode) parameters.push(['code', code]);
          const right = { name: 'OAuthError', status: 400, error, errorDescription: description ?? undefined };
          assert.throws(() => parseRedirect(address(redirectUri, parameters), expected), right);
        },
      ),
    );
  });

  it('with an invalid error code throws a server error', () => {
    for (const error of ['a\nb', 'a"b', 'a\\b', 'ä', 'a'.repeat(65), state, `no ${code}`]) {
      const url = address(redirectUri, [
        ['error', error],
        ['state', state],
        ['code', code],
      ]);
      assert.throws(() => parseRedirect(url, expected), {
        name: 'OAuthError',
        error: 'server_error',
        message: '400 server_error',
      });
    }
  });

  it('with an error hides a code and a state in the description', () => {
    for (const secret of [state, code]) {
      const url = address(redirectUri, [
        ['error', 'server_error'],
        ['error_description', `you sent ${secret}.`],
        ['state', state],
        ['code', code],
      ]);
      assert.throws(
        () => parseRedirect(url, expected),
        (error: Error & { errorDescription?: string }) =>
          error.name === 'OAuthError' && !error.errorDescription?.includes(secret),
      );
    }
  });

  it('never yields the code if the state is wrong', () => {
    fc.assert(
      fc.property(
        secret,
        fc.oneof(text, secret),
        fc.array(fc.tuple(fc.constantFrom(...known), text), { maxLength: 4 }),
        (state, guess, more) => {
          fc.pre(guess !== state && more.every(([, value]) => value !== state));
          assert.throws(
            () =>
              parseRedirect(address(redirectUri, [['code', code], ['state', guess], ...more]), {
                platform,
                redirectUri,
                state,
              }),
            RedirectMismatchError,
          );
        },
      ),
    );
  });
});
