import assert from 'node:assert/strict';
import { refreshTokenOf, savedPasswordOf } from '../../src/session/model/grant';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { redactReport } from '../../src/hiding/reportRedaction';
import { openTunnel } from '../../src/zeyos/transport/tunnel';
import { parseInstances } from '../../src/session/model/instance';
import { selectInstance } from '../../src/session/model/scopes';
import {
  NewerVersionError,
  parseIndex,
  parseRecord,
  serializeIndex,
  serializeRecord,
} from '../../src/session/storage/serialization';
import { expiryOf } from '../../src/session/tokens/accountTokens';
import { describeFailure } from '../../src/dialog/failure/failure';
import { bad } from '../../src/diagnosis/finding';
import { diagnosisMarkdown, introspectionMarkdown } from '../support/checkDocuments';
import { statusBarModel, type StatusBarInput } from '../../src/ui/status/statusBarModel';
import { TOOLTIP_COMMANDS, tooltipMarkdown } from '../../src/ui/status/tooltip';
import { escapeMarkdown } from '../../src/ui/words/words';
import { answer, rejectionError } from '../../src/zeyos/answer';
import { parseCaFile } from '../../src/zeyos/transport/caFile';
import { callbackPage } from '../../src/signIn/browser/callbackPage';
import { CallbackServer } from '../../src/signIn/browser/callbackServer';
import { callbackUri } from '../../src/signIn/browser/callbackUri';
import { parseChallenges } from '../../src/zeyos/challenges';
import { concealRequestSecrets } from '../../src/hiding/concealment';
import { HttpError, MalformedResponseError, NetworkError, OAuthError, SettingsError } from '../../src/zeyos/errors';
import { failure, HttpClient } from '../../src/zeyos/transport/http';
import { introspectToken as introspectLegacyToken } from '../../src/zeyos/legacy';
import {
  parseErrorResponse,
  parseIntrospectionResponse,
  parseLoginResponse,
  parseTokenResponse,
  parseUserInfoResponse,
} from '../../src/zeyos/messages';
import { networkError } from '../../src/zeyos/failures/networkError';
import { harmlessText, plainText } from '../../src/hiding/plainText';
import { isLoopback, PlatformUrl, PlatformUrlError } from '../../src/zeyos/address/platform';
import { proxyAddress, proxyFor, routeOf, shownProxy, type NetworkSettings } from '../../src/zeyos/transport/proxy';
import { parseRedirect, RedirectMismatchError } from '../../src/zeyos/redirect';
import { accessToken, httpResponse, pending, platform, session, storedAccount } from '../support/builders';
import { CertificateAuthority } from '../support/certificateAuthority';
import { quotations } from '../support/secretSearch';
import { MemoryLog } from '../support/memoryLog';
import { bodies, headerText, inParts, text } from '../support/untrusted';
import { Clock } from '../support/clock';

const now = Date.parse('2030-01-01T12:00:00Z');
const hex = '0123456789abcdef0123456789abcdef01234567';
const numbers = [3600, 86_400.5, 1, 4e12, 253_402_300_799];
const words = ['max.power', '7', 7];

/** Text that is not a visible single line, or that Markdown, icons or links could interpret. */
const HARM = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]|\]\s*\(|command:|\$\(/iu;
const isTime = (at: number): boolean => !Number.isNaN(new Date(at).getTime());

const inputCounts = new Map<string, number>();

interface Parser<T> {
  readonly inputs: fc.Arbitrary<T>;
  readonly numRuns: number;
  /** All possible outcomes. Each must occur, otherwise the inputs are too narrow. */
  readonly outcomes: readonly string[];
  /** Parses an input, asserts what holds for every input, and resolves to the outcome. */
  readonly parse: (input: T) => string | Promise<string>;
}

function parser<T>(name: string, { inputs, numRuns, outcomes, parse }: Parser<T>): void {
  it(name, async function () {
    this.timeout(60_000);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        inputCounts.set(name, (inputCounts.get(name) ?? 0) + 1);
        seen.add(await parse(input));
      }),
      { numRuns },
    );
    assert.deepEqual([...seen].sort(), [...outcomes].sort());
  });
}

/** Returns `read`, or `refused` if `Refusal` was thrown. */
function readOrRefused(read: () => void, Refusal: new (...args: never[]) => Error): 'read' | 'refused' {
  try {
    read();
    return 'read';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return 'refused';
  }
}

/** Asserts that a message has only known members of the right types. */
function assertMembers(
  message: object,
  kinds: { readonly texts: readonly string[]; readonly times?: readonly string[]; readonly more?: readonly string[] },
): void {
  for (const [name, member] of Object.entries(message)) {
    if (kinds.texts.includes(name)) assert.ok(typeof member === 'string' && member !== '', name);
    else if (kinds.times?.includes(name))
      assert.ok(typeof member === 'number' && member > 0 && isTime(member * 1000) && isTime(now + member * 1000), name);
    else assert.ok(kinds.more?.includes(name), `${name} is not a known member`);
  }
}

describe('For any input,', () => {
  after(() =>
    console.log(
      `\n    ${inputCounts.size} parsers, ${[...inputCounts.values()].reduce((sum, count) => sum + count, 0).toLocaleString('en')} inputs`,
    ),
  );

  describe('the extension parses or throws the documented error for', () => {
    describe('a server’s answer', () => {
      parser('to a token request', {
        inputs: bodies({
          access_token: [hex, 'abc-._~+/=='],
          token_type: ['Bearer', 'bearer'],
          expires_in: numbers,
          refresh_token: [hex],
          refresh_token_expires_in: numbers,
          username: words,
          sub: words,
        }),
        numRuns: 1000,
        outcomes: ['read', 'refused'],
        parse: (body) =>
          readOrRefused(() => {
            const value = parseTokenResponse(httpResponse({ body }));
            assertMembers(value, {
              texts: ['access_token', 'refresh_token', 'username', 'sub'],
              times: ['expires_in', 'refresh_token_expires_in'],
            });
            for (const token of [value.access_token, value.refresh_token ?? 'a']) assert.match(token, /^[\w.~+/-]+=*$/);
          }, MalformedResponseError),
      });

      parser('to an introspection', {
        inputs: bodies({
          active: [true, true, true, false],
          username: words,
          sub: words,
          client_id: ['app'],
          token_type: ['Bearer'],
          exp: numbers,
          iat: numbers,
        }),
        numRuns: 1000,
        outcomes: ['read', 'refused'],
        parse: (body) =>
          readOrRefused(() => {
            const value = parseIntrospectionResponse(httpResponse({ body }));
            assertMembers(value, {
              texts: ['username', 'sub', 'client_id', 'token_type'],
              times: ['exp', 'iat'],
              more: ['active'],
            });
            assert.ok(value.active || Object.keys(value).length === 1, 'an inactive token has no other members');
          }, MalformedResponseError),
      });

      parser('with an error', {
        inputs: bodies({
          error: ['invalid_grant', 'invalid_client', 'server_error', `no ${hex}`, hex.repeat(5)],
          error_description: ['Invalid credentials', `you sent ${hex}`],
          error_uri: ['x'],
        }),
        numRuns: 1000,
        outcomes: ['read', 'none'],
        parse: (body) => {
          const value = parseErrorResponse({
            ...httpResponse({ status: 400, body }),
            conceal: concealRequestSecrets({ form: { token: hex } }),
          });
          if (!value) return 'none';
          assertMembers(value, { texts: ['error', 'error_description'] });
          assert.ok(value.error.length <= 100);
          assert.ok(
            !`${value.error} ${value.error_description}`.includes(hex),
            'the error contains a secret of the request',
          );
          return 'read';
        },
      });

      parser('with user information', {
        inputs: bodies({
          sub: words,
          preferred_username: words,
          name: words,
          email: ['max@example.com'],
          groups: [[{ id: 1, name: 'Operations' }], [{}, null, { name: 7 }], {}],
        }),
        numRuns: 1000,
        outcomes: ['read', 'refused'],
        parse: (body) =>
          readOrRefused(() => {
            const { groups, ...value } = parseUserInfoResponse(httpResponse({ body }));
            assertMembers(value, { texts: ['sub', 'preferred_username', 'name', 'email'] });
            assert.ok(value.sub && groups.every((name) => typeof name === 'string'));
          }, MalformedResponseError),
      });

      parser('to a legacy login', {
        inputs: bodies({ token: [hex], expdate: numbers, user: [7], application: [null], identifier: ['vscode-1'] }),
        numRuns: 500,
        outcomes: ['read', 'refused'],
        parse: (body) =>
          readOrRefused(() => {
            const value = parseLoginResponse(httpResponse({ body }));
            assertMembers(value, { texts: ['token'], times: ['expdate'] });
            assert.match(value.token, /^[\w.~+/-]+=*$/);
          }, MalformedResponseError),
      });

      parser('with the user of a legacy login', {
        inputs: fc.tuple(
          bodies({ user: words, name: words, auth: [{ user: 7 }], email: ['max@example.com'] }),
          fc.constantFrom(200, 200, 200, 204, 404, 503),
          fc.constantFrom(204, 204, 200, 403),
        ),
        numRuns: 500,
        outcomes: ['active', 'refused'],
        parse: async ([body, ofGet, ofHead]) => {
          const respond = (status: number, its: string): Response =>
            new Response(status === 204 ? null : its, { status });
          const http = new HttpClient({
            fetch: (_url, { method }) =>
              Promise.resolve(method === 'HEAD' ? respond(ofHead, '') : respond(ofGet, body)),
            clock: new Clock(now),
            log: new MemoryLog(),
            bounds: { backOffMs: [] },
          });
          try {
            const { value } = await introspectLegacyToken(http, platform, hex);
            assert.ok(value.active, 'the token must be active');
            assertMembers(value, { texts: ['username', 'sub', 'email'], more: ['active'] });
            return 'active';
          } catch (error) {
            if (!(error instanceof MalformedResponseError || error instanceof HttpError || error instanceof OAuthError))
              throw error;
            return 'refused';
          }
        },
      });

      parser('in any chunks and bytes', {
        inputs: fc.tuple(
          inParts(
            fc.oneof(
              fc.uint8Array({ maxLength: 60 }),
              text.map((its) => new TextEncoder().encode(its)),
            ),
          ),
          fc.constantFrom(30, 1000),
        ),
        numRuns: 500,
        outcomes: ['read', 'refused'],
        parse: async ([parts, bodyBytes]) => {
          const stream = new ReadableStream<Uint8Array>({
            start: (controller) => (parts.forEach((part) => controller.enqueue(part)), controller.close()),
          });
          const http = new HttpClient({
            fetch: () => Promise.resolve(new Response(stream)),
            clock: new Clock(now),
            log: new MemoryLog(),
            bounds: { bodyBytes },
          });
          try {
            const { body } = await http.send({ method: 'GET', url: platform.endpoint('x'), idempotent: false });
            assert.equal(body, new TextDecoder().decode(Buffer.concat(parts)));
            return 'read';
          } catch (error) {
            assert.ok(error instanceof MalformedResponseError && Buffer.concat(parts).length > bodyBytes);
            return 'refused';
          }
        },
      });
    });

    describe('the header of an answer:', () => {
      const anyDate = fc.date({ noInvalidDate: true });
      const dates = fc.oneof(
        anyDate.map((date) => date.toUTCString()),
        anyDate.map((date) => date.toISOString()),
        fc
          .date({ min: new Date('2029-01-01'), max: new Date('2031-01-01'), noInvalidDate: true })
          .map((date) => date.toUTCString()),
        fc.constantFrom(
          '0',
          '-1',
          '275760',
          'yesterday',
          'Thu, 01 Jan 1970 00:00:00 GMT',
          '-271821-04-20T00:00:00.000Z',
          '+275760-09-13T00:00:00.000Z',
          'Tue, 99 Foo 2030 99:99:99 GMT',
          '',
        ),
        headerText,
      );

      parser('Date, with all times that depend on it', {
        inputs: fc.tuple(dates, bodies({ active: [true], exp: numbers, iat: numbers })),
        numRuns: 1000,
        outcomes: ['in step', 'ahead or behind'],
        parse: ([date, body]) => {
          const response = httpResponse({ headers: { Date: date }, body, receivedAt: now });
          const { clockSkewMs } = answer(response, undefined);
          assert.ok(Number.isInteger(clockSkewMs) && isTime(now + clockSkewMs) && isTime(now - clockSkewMs));
          readOrRefused(() => {
            const value = parseIntrospectionResponse(response);
            const { exp, iat = 1 } = value.active ? value : {};
            const expiresAt = expiryOf(answer(response, value));
            assert.equal(expiresAt === undefined, exp === undefined);
            for (const at of [expiresAt ?? 0, iat * 1000 - clockSkewMs])
              assert.ok(isTime(at), `${date}: a Date cannot represent ${at}`);
          }, MalformedResponseError);
          return clockSkewMs === 0 ? 'in step' : 'ahead or behind';
        },
      });

      parser('Retry-After, in the message for the user', {
        inputs: fc.tuple(
          fc.oneof(
            dates,
            fc.integer().map(String),
            fc.nat().map(String),
            fc.double().map(String),
            fc.constantFrom('999999999', '9999999999'),
          ),
          fc.constantFrom(429, 503),
        ),
        numRuns: 500,
        outcomes: ['told', 'not told'],
        parse: ([value, status]) => {
          const error = failure(httpResponse({ status, headers: { 'Retry-After': value }, receivedAt: now }));
          const { retryAfterMs } = error;
          assert.ok(
            retryAfterMs === undefined ||
              (Number.isInteger(retryAfterMs) && retryAfterMs >= 0 && isTime(now + retryAfterMs)),
            String(retryAfterMs),
          );
          assert.match(describeFailure(error, platform), / Try again (in [1-9]\d* s|in a moment|later)\.$/);
          return retryAfterMs === undefined ? 'not told' : 'told';
        },
      });

      parser('WWW-Authenticate with valid challenges', {
        inputs: fc.array(
          fc.record({
            scheme: fc.constantFrom('Basic', 'bearer', 'NEGOTIATE', 'x-1'),
            credentials: fc.option(fc.stringMatching(/^[A-Za-z0-9\-._~+/]{1,8}={0,2}$/), { nil: undefined }),
            parameters: fc.uniqueArray(
              fc.record({
                name: fc.stringMatching(/^[a-z][a-z_*-]{0,8}$/),
                value: fc.oneof(text, headerText),
                isToken: fc.boolean(),
                space: fc.constantFrom('', ' ', '\t'),
              }),
              { selector: ({ name }) => name, maxLength: 4 },
            ),
          }),
          { maxLength: 4 },
        ),
        numRuns: 1000,
        outcomes: ['read'],
        parse: (challenges) => {
          const written = challenges
            .map(
              ({ scheme, credentials, parameters }) =>
                `${scheme} ${credentials ?? parameters.map(({ name, value, isToken, space }) => `${name}${space}=${space}${isToken && /^[\w!#$%&'*+.^`|~-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`).join(' ,')}`,
            )
            .join(', ');
          const read = parseChallenges(written);
          assert.deepEqual(
            read.map(({ scheme, token68, parameters }) => [scheme, token68, [...parameters]]),
            challenges.map(({ scheme, credentials, parameters }) => [
              scheme.toLowerCase(),
              credentials,
              credentials === undefined ? parameters.map(({ name, value }) => [name, value]) : [],
            ]),
            written,
          );
          return 'read';
        },
      });

      parser('WWW-Authenticate with any text, without an exception', {
        inputs: fc.oneof(
          headerText,
          text,
          fc.tuple(headerText, text).map((parts) => parts.join(', ')),
        ),
        numRuns: 2000,
        outcomes: ['some', 'none'],
        parse: (header) => {
          const challenges = parseChallenges(header);
          for (const { scheme, parameters } of challenges)
            for (const name of [scheme, ...parameters.keys()]) assert.match(name, /^[!#$%&'*+\-.^_`|~0-9a-z]+$/);
          return challenges.length > 0 ? 'some' : 'none';
        },
      });

      parser('WWW-Authenticate that may identify ZeyOS', {
        inputs: fc.tuple(
          fc.oneof(
            headerText,
            fc.constantFrom(
              'Bearer realm="demo"',
              'basic realm=DEMO',
              'Bearer realm="demo", error="invalid_token"',
              'Bearer realm="other"',
              'Basic realm="demo2"',
              'Bearer realm="", realm="demo"',
              'Digest realm="demo"',
              'Basic realm="proxy", Bearer realm="demo"',
            ),
          ),
          fc.constantFrom(401, 401, 403, 407),
          text,
          fc.constantFrom('text/plain', 'text/html', 'application/json'),
        ),
        numRuns: 1000,
        outcomes: ['ZeyOS', 'another'],
        parse: ([challenge, status, body, type]) => {
          const error = rejectionError(
            {
              ...httpResponse({
                status,
                headers: { 'WWW-Authenticate': challenge, 'Content-Type': type },
                body: `${body} ${hex}`,
              }),
              conceal: concealRequestSecrets({ form: { token: hex } }),
            },
            platform,
          );
          assert.ok(error instanceof OAuthError || error instanceof HttpError);
          assert.doesNotMatch(describeFailure(error, platform), HARM);
          if (error instanceof HttpError) return 'another';
          assert.ok(
            status === 401 &&
              parseChallenges(challenge).some(
                ({ scheme, parameters }) =>
                  ['basic', 'bearer'].includes(scheme) &&
                  (parameters.get('realm')?.toLowerCase() === 'demo' || parameters.get('error') === 'invalid_token'),
              ),
            challenge,
          );
          assert.ok(!error.errorDescription?.includes(hex));
          return 'ZeyOS';
        },
      });
    });

    describe('a failed connection', () => {
      const code = fc.constantFrom(
        'ENOTFOUND',
        'ECONNREFUSED',
        'CERT_HAS_EXPIRED',
        'UND_ERR_SOCKET',
        'HPE_INVALID_STATUS',
        7,
        null,
        {},
        undefined,
      );
      const message = fc.oneof(
        text,
        fc.constantFrom(
          'fetch failed',
          'net::ERR_CERT_AUTHORITY_INVALID',
          'Proxy response (407) !== 200 when HTTP Tunneling',
          'Proxy response (99999)',
          'Proxy response (200)',
        ),
      );
      const details = fc.record(
        {
          code,
          syscall: fc.constantFrom('getaddrinfo', 'connect', 7),
          hostname: fc.constantFrom('cloud.zeyos.com', 'proxy.example', null),
          address: fc.constantFrom('192.0.2.1', {}),
          port: fc.constantFrom(443, 3128, '443'),
        },
        { requiredKeys: [] },
      );
      const { thrown } = fc.letrec<{ thrown: unknown }>((tie) => ({
        thrown: fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          fc.anything(),
          fc.tuple(message, details).map(([its, more]) => Object.assign(new Error(its), more)),
          fc
            .tuple(message, details, tie('thrown'))
            .map(([its, more, cause]) => Object.assign(new TypeError(its, { cause }), more)),
          fc.array(tie('thrown'), { maxLength: 2 }).map((several) => new AggregateError(several)),
          tie('thrown')
            .map((cause) => Object.assign(new Error('itself'), { cause }))
            .map((error) => Object.assign(error, { cause: error })),
        ),
      }));

      parser('with any error of fetch', {
        inputs: thrown,
        numRuns: 1000,
        outcomes: ['with a code', 'without', 'by a proxy'],
        parse: (its) => {
          const error = networkError(its, new URL(platform.href));
          assert.ok(error instanceof NetworkError && Object.is(error.cause, its));
          assert.ok(error.code === undefined || typeof error.code === 'string');
          assert.ok(error.proxyStatus === undefined || /^\d{3}$/.test(String(error.proxyStatus)));
          assert.doesNotMatch(describeFailure(error, platform), HARM);
          return error.isProxy ? 'by a proxy' : error.code === undefined ? 'without' : 'with a code';
        },
      });

      describe('through a proxy', () => {
        let server: Server;
        let parts: readonly Uint8Array[] = [];
        let proxy: URL;
        const asked: string[] = [];

        before(async () => {
          server = createServer((socket: Socket) => {
            socket
              .on('error', () => undefined)
              .once('data', (request: Buffer) => {
                asked.push(request.toString());
                void (async () => {
                  for (const part of parts) {
                    socket.write(part);
                    await turn();
                  }
                })();
              });
          }).listen(0, '127.0.0.1');
          await once(server, 'listening');
          proxy = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
        });
        after(() => void server.close());

        const head = fc.oneof(
          fc
            .tuple(
              fc.constantFrom(
                'HTTP/1.1 200 OK',
                'HTTP/1.0 204',
                'HTTP/1.1 407 Who?',
                'HTTP/1.1 2000',
                'HTTP/1.1 200',
                'HTTP/2 200',
                'http/1.1 200',
                ' HTTP/1.1 200',
                'HTTP/1.1 099',
                'HTTP/1.1',
                '',
              ),
              text,
            )
            .map(([line, more]) => Buffer.from(`${line}\r\n${more}\r\n\r\n`)),
          fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.concat([bytes, Buffer.from('\r\n\r\n')])),
          fc.constantFrom('HTTP/1.1 200 OK\r\nX: ', 'x').map((start) => Buffer.from(start + 'x'.repeat(20_000))),
        );

        parser('that answers CONNECT', {
          inputs: fc.tuple(inParts(head), fc.constantFrom('cloud.zeyos.com', '2001:db8::1')),
          numRuns: 300,
          outcomes: ['connected', 'refused'],
          parse: async ([its, hostname]) => {
            parts = its;
            const isWilling = /^HTTP\/1\.\d 2\d\d/.test(Buffer.concat(its).toString('latin1'));
            try {
              const socket = await openTunnel(proxy, { hostname, port: 443 }, AbortSignal.timeout(10_000));
              socket.destroy();
              assert.ok(isWilling);
              return 'connected';
            } catch (error) {
              assert.ok(error instanceof NetworkError && error.isProxy && !isWilling, String(error));
              assert.ok(error.proxyStatus === undefined || /^\d{1,3}$/.test(String(error.proxyStatus)));
              return 'refused';
            } finally {
              assert.match(
                asked.at(-1) ?? '',
                /^CONNECT (cloud\.zeyos\.com|\[2001:db8::1\]):443 HTTP\/1\.1\r\nHost: \S+:443\r\n\r\n$/,
              );
            }
          },
        });
      });
    });

    describe('the redirect of a browser', () => {
      const redirectUri = 'http://127.0.0.1:9005/callback';
      const state = 'kJ4-stateValue_0123456789';
      const code = 'c0de-Value.~9876543210';

      const fragments = [
        'http:',
        'https:',
        '//',
        '/',
        '127.0.0.1',
        ':9005',
        '/callback',
        '?',
        '&',
        '=',
        '#',
        '%',
        '%00',
        '%ff',
        '@',
        '\\',
        '\t',
        '\u202e',
        'code',
        'state',
        'error_description',
        '[::1',
        state,
        redirectUri,
        `code=${code}`,
        `state=${state}`,
        `error=${state}`,
        'error=access_denied&',
      ];
      const pieces = fc.array(fc.constantFrom(...fragments), { maxLength: 10 }).map((parts) => parts.join(''));
      const nearly = fc
        .array(
          fc.constantFrom(
            `code=${code}`,
            `state=${state}`,
            `state=${state}`,
            `error=${state}`,
            'error=access_denied',
            'error=%5Bx%5D(command:y)',
            `error_description=${code}`,
            'error_description=%E2%80%AE',
            'iss=',
            `iss=${encodeURIComponent(platform.href)}`,
            `iss=https://evil.example/${state}`,
            'iss=%5Bx%5D(command:y)',
            'iss=%E2%80%AE',
            'x',
          ),
          { maxLength: 5 },
        )
        .map((parts) => `${redirectUri}?${parts.join('&')}`);

      parser('as a requested or pasted URL', {
        inputs: fc.oneof(
          { weight: 1, arbitrary: pieces },
          { weight: 3, arbitrary: nearly },
          {
            weight: 1,
            arbitrary: fc.oneof(
              text,
              fc.constantFrom<unknown>(undefined, null, 0, {}, [], Symbol('url'), Object.create(null), {
                toString: () => {
                  throw new Error(code);
                },
              }),
            ),
          },
        ),
        numRuns: 1000,
        outcomes: ['read', 'refused', 'no'],
        parse: (input) => {
          try {
            assert.deepEqual(parseRedirect(input as string, { platform, redirectUri, state }), { code });
            return 'read';
          } catch (error) {
            assert.ok(error instanceof RedirectMismatchError || error instanceof OAuthError, String(error));
            for (const told of [error.message, error.stack ?? ''])
              assert.ok(!told.includes(state) && !told.includes(code));
            assert.doesNotMatch(describeFailure(error, platform), HARM);
            return error instanceof OAuthError ? 'no' : 'refused';
          }
        },
      });

      describe('sent to the callback server', () => {
        const page = callbackPage(
          { title: 'ZeyOS', heading: 'Signed in', message: 'You can close this tab.', language: 'en' },
          'success',
        );
        let server: CallbackServer;

        before(async () => {
          server = await CallbackServer.listen(
            { port: 0, platform, state, pages: { success: page, failure: page } },
            new Clock(),
          );
        });
        after(async () => {
          // The server still waits for the right redirect.
          assert.equal((await fetch(`${callbackUri(server.port)}?code=${code}&state=${state}`)).status, 200);
          assert.deepEqual(await server.result, { code });
          await server.close();
        });

        const good = (): string =>
          `GET /callback?code=${code}&state=${state} HTTP/1.1\r\nHost: ${new URL(callbackUri(server.port)).host}\r\n\r\n`;
        const cut = fc
          .double({ min: 0, max: 0.999, noNaN: true })
          .map((part) => () => Buffer.from(good().slice(0, Math.floor(part * good().length))));
        // Changes a character of the method, path or state, each of which must be exact.
        const changed = fc
          .tuple(
            fc.boolean(),
            fc.nat(state.length - 1),
            fc.constantFrom('\r\n', '\0', '%', '~', 'X: y\r\n', '\n', '&state=x', 'https://evil.example'),
          )
          .map(([inState, index, its]) => () => {
            const at = inState ? good().indexOf(state) + index : index % 'GET /callback'.length;
            return Buffer.from(good().slice(0, at) + its + good().slice(at + 1));
          });
        const anything = fc
          .oneof(
            fc.uint8Array({ maxLength: 64 }),
            text.map((its) => Buffer.from(`${its}\r\n\r\n`)),
            fc.constantFrom(Buffer.from('\x16\x03\x01\x02\x00\x01'), Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')),
          )
          .map((bytes) => () => bytes);

        parser('as any bytes', {
          inputs: fc.oneof(cut, changed, anything),
          numRuns: 300,
          outcomes: ['refused', 'dropped'],
          parse: async (bytes) => {
            const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
            let reply = '';
            socket.setEncoding('latin1').on('data', (part: string) => (reply += part));
            socket.end(bytes());
            if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
            if (reply === '') return 'dropped';
            assert.match(
              reply,
              /^HTTP\/1\.1 400 Bad Request\r\n(?=[^]*\r\ncache-control: no-store\r\n)[^]*\r\n\r\n(Bad Request\n)?$/i,
            );
            assert.ok(!reply.includes(state) && !reply.includes(code));
            return 'refused';
          },
        });
      });
    });

    describe('a setting:', () => {
      const urlish = fc.oneof(
        fc
          .array(
            fc.constantFrom(
              'https',
              'http',
              ':',
              '/',
              '//',
              '\\',
              '.',
              '..',
              '@',
              '?',
              '#',
              '%2f',
              '%00',
              'demo',
              'cloud.zeyos.com',
              'localhost',
              '127.0.0.1',
              '[::1]',
              ':443',
              ':0',
              ':65536',
              ' ',
              '\t',
              '\u202e',
              '\u200b',
              'ä',
              '。',
              '0x7f.1',
              '@evil.example',
              'evil.example',
              '-',
              '_',
              'x'.repeat(600),
            ),
            { maxLength: 8 },
          )
          .map((parts) => parts.join('')),
        fc.webUrl({ withQueryParameters: true, withFragments: true }),
        fc
          .tuple(
            fc.constantFrom('https', 'http'),
            fc.oneof(fc.domain(), fc.ipV4(), fc.constantFrom('localhost', '127.0.0.1', '[::1]', '[::2]')),
            fc.stringMatching(/^[\w.~-]{1,12}$/),
          )
          .map(([scheme, host, name]) => `${scheme}://${host}/${name}`),
        text,
      );

      parser('the URL of an instance', {
        inputs: urlish,
        numRuns: 2000,
        outcomes: ['read', 'refused'],
        parse: (its) =>
          readOrRefused(() => {
            const { href, label, instanceName } = PlatformUrl.parse(its);
            const url = new URL(href);
            assert.ok(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
            assert.deepEqual([url.username, url.password, url.search, url.hash], ['', '', '', '']);
            assert.equal(PlatformUrl.parse(href).href, href);
            for (const told of [href, label, instanceName]) assert.doesNotMatch(told, /[^\x21-\x7e]|[`"'<>()@?#\\]/);
          }, PlatformUrlError),
      });

      const entry = fc.oneof(
        {
          weight: 4,
          arbitrary: fc.record(
            {
              url: fc.oneof(urlish, fc.constantFrom('demo', 'DEMO', 'https://cloud.zeyos.com/demo/'), fc.jsonValue()),
              name: fc.oneof(text, fc.jsonValue()),
              signIn: fc.constantFrom('password', 'browser', 'telepathy', 7),
              clientId: fc.oneof(text, fc.constant('vscode')),
              redirectPort: fc.oneof(fc.double(), fc.integer(), fc.constant(9005)),
              caFile: fc.oneof(text, fc.jsonValue()),
            },
            { requiredKeys: ['url'] },
          ),
        },
        { weight: 1, arbitrary: fc.jsonValue() },
      );

      parser('the list of instances', {
        inputs: fc.oneof(
          { weight: 4, arbitrary: fc.array(entry, { maxLength: 6 }) },
          { weight: 1, arbitrary: fc.jsonValue().filter((value) => value !== null) },
        ),
        numRuns: 1000,
        outcomes: ['all good', 'some bad'],
        parse: (setting) => {
          const { instances, problems } = parseInstances(setting);
          assert.equal(
            instances.length + problems.length,
            Array.isArray(setting) ? setting.length : 1,
            'each entry must be counted once',
          );
          assert.equal(new Set(instances.map(({ platform: { href } }) => href)).size, instances.length);
          for (const { entry: named } of problems) assert.doesNotMatch(named, /^$|[\p{Cc}\p{Cf}]/u);
          for (const { name, signIn, clientId, redirectPort, caFile } of instances) {
            assert.doesNotMatch(name, /^$|[\p{Cc}\p{Cf}]/u);
            assert.ok(signIn === undefined || ['password', 'browser', 'token'].includes(signIn));
            assert.ok(clientId === undefined || /^[\w.-]{1,200}$/.test(clientId));
            assert.ok(Number.isInteger(redirectPort) && redirectPort > 0 && redirectPort < 65_536);
            assert.notEqual(caFile, '');
          }
          return problems.length === 0 ? 'all good' : 'some bad';
        },
      });

      parser('the scopes of a request', {
        inputs: fc.array(
          fc.oneof(urlish, text, fc.constantFrom('demo', 'acme', 'https://cloud.zeyos.com/demo', 'tickets', 'https:')),
          { maxLength: 4 },
        ),
        numRuns: 1000,
        outcomes: ['any', 'one', 'none'],
        parse: (scopes) => {
          const { instances } = parseInstances([
            { url: 'demo' },
            { url: 'acme' },
            { url: 'https://zeyos.example.com/acme' },
          ]);
          const selection = selectInstance(scopes, instances);
          if (selection.kind === 'any')
            assert.ok(!scopes.some((scope) => /^\s*https?:/i.test(scope)), 'a URL must not be treated as a label');
          if (selection.kind === 'none') assert.ok(scopes.includes(selection.scope));
          if (selection.kind === 'one')
            assert.equal(selection.instance?.platform.href ?? selection.platform.href, selection.platform.href);
          return selection.kind;
        },
      });

      const credentials = { user: 'proxy-user', password: 'proxy-pass' };
      const proxy = fc.oneof(
        urlish,
        fc.constantFrom(
          '',
          'http://proxy.example:3128',
          `http://${credentials.user}:${credentials.password}@proxy.example`,
          `https://${credentials.user}@[::1]:1`,
          'socks5://proxy.example',
          'pac+http://proxy.example',
          'proxy.example:3128',
          'javascript:alert(1)',
        ),
      );
      const settings: fc.Arbitrary<NetworkSettings> = fc.record({
        proxy,
        support: fc.constantFrom('override', 'on', 'off', 'fallback', ''),
        noProxy: fc.array(
          fc.oneof(fc.constantFrom('*', ':', ':443', '.', '.com', 'cloud.zeyos.com', 'zeyos.com:443', ' '), text),
          { maxLength: 2 },
        ),
        authorization: fc.constantFrom('', 'Basic x'),
        verifies: fc.boolean(),
        environment: fc.dictionary(
          fc.constantFrom('HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'NO_PROXY', 'no_proxy'),
          fc.oneof(proxy, fc.constantFrom('*', 'a, .zeyos.com')),
          { noNullPrototype: true },
        ),
      });

      parser('the proxy', {
        inputs: fc.tuple(
          settings,
          fc.constantFrom(
            'https://cloud.zeyos.com/demo',
            'https://127.0.0.1/demo',
            'http://[::1]:1/demo',
            'https://zeyos.example:8443/demo',
          ),
        ),
        numRuns: 2000,
        outcomes: ['direct', 'proxy', 'invalid'],
        parse: ([its, target]) => {
          const url = new URL(target);
          const route = routeOf(url, its);
          const outcome = readOrRefused(
            () => assert.equal(proxyFor(url, its) !== undefined, route.kind === 'proxy'),
            SettingsError,
          );
          if (route.kind !== 'direct')
            assert.ok(!['127.0.0.1', '[::1]'].includes(url.hostname), 'a loopback address must not use a proxy');
          if (route.kind === 'invalid') assert.equal(outcome, 'refused');
          if (route.kind === 'proxy') {
            const { hostname, port } = proxyAddress(route.url);
            assert.ok(
              hostname !== '' && !/[[\]]/.test(hostname) && Number.isInteger(port) && port > 0 && port < 65_536,
              `${hostname} ${port}`,
            );
            assert.match(route.url.protocol, /^(https?|socks[45]?[ah]?):$/);
            assert.doesNotMatch(shownProxy(route.url), /@|proxy-user|proxy-pass/);
          }
          return route.kind;
        },
      });

      describe('a certificate file', () => {
        let certificates: readonly string[];
        before(async () => {
          certificates = await Promise.all(
            ['A', 'B'].map(async (name) => (await CertificateAuthority.create(name)).certificate),
          );
        });
        const piece = fc.oneof(
          { weight: 4, arbitrary: fc.nat(1).map((which) => () => certificates[which] ?? assert.fail()) },
          {
            weight: 1,
            arbitrary: fc
              .tuple(
                fc.nat(1),
                fc.nat(500),
                fc.constantFrom(
                  '',
                  'A',
                  '-',
                  '\0',
                  '\n',
                  '=',
                  '-----END CERTIFICATE-----',
                  '-----BEGIN CERTIFICATE-----',
                ),
              )
              .map(([which, at, its]) => () => {
                const pem = certificates[which] ?? assert.fail();
                return pem.slice(0, at) + its + pem.slice(at + 1);
              }),
          },
          {
            weight: 1,
            arbitrary: fc
              .oneof(
                text,
                fc.constantFrom(
                  '-----BEGIN CERTIFICATE-----',
                  '-----END CERTIFICATE-----',
                  '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
                  '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
                  '-----BEGIN CERTIFICATE-----'.repeat(1000),
                  '\r\n',
                  '# a comment',
                ),
              )
              .map((its) => () => its),
          },
        );

        parser('with any parts', {
          inputs: fc.array(piece, { maxLength: 4 }),
          numRuns: 500,
          outcomes: ['read', 'refused'],
          parse: (pieces) =>
            readOrRefused(() => {
              const found = parseCaFile(pieces.map((its) => its()).join('\n'), '~/ca.pem').certificates;
              assert.ok(found.length > 0);
              for (const pem of found) assert.equal(new X509Certificate(pem).toString(), pem);
            }, SettingsError),
        });
      });
    });

    describe('a stored secret', () => {
      /** Returns the value, and copies in which one member at any depth is missing or wrong. */
      const damaged = (good: object): readonly object[] => [
        good,
        ...Object.entries(good).flatMap(([name, member]: [string, unknown]) =>
          [
            undefined,
            null,
            '',
            7,
            -0.5,
            1e300,
            8_640_000_000_000_001,
            'x',
            [],
            {},
            ...(typeof member === 'object' && member ? damaged(member) : []),
          ].map((other) => ({ ...good, [name]: other })),
        ),
      ];
      const full = {
        api: 'oauth2',
        signedInAt: 1,
        accessToken: { value: 't', issuedAt: 1, expiresAt: 2 },
        refreshToken: { value: 'r', expiresAt: 3 },
        clientId: 'vscode',
        password: 'p',
        exchange: { of: 'x', startedAt: 4 },
      };
      const account = {
        id: 'i',
        instance: platform.href,
        signedIn: true,
        account: { id: 'a', label: 'l', userName: 'u', sub: '7' },
      };
      const its = {
        version: [1, 1, 1, 1, 2, 1.5, '1'],
        session: [
          full,
          session(accessToken('t', { expiresAt: 1 })),
          { api: 'oauth2', signedInAt: 1, ended: 'revoked' },
          ...damaged(full),
          ...damaged({ ...full, ended: 'interrupted' }),
        ],
        pendingRevocations: [[pending('p')], [pending('q', 5), null], damaged(pending('p', 5)), {}],
        accounts: [[account], [account, null], damaged(account), {}],
      };
      const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
      const areTexts = (...values: readonly unknown[]): boolean =>
        values.every((value) => value === undefined || isText(value));
      const areTimes = (...values: readonly unknown[]): boolean =>
        values.every((value) => value === undefined || (typeof value === 'number' && isTime(value)));
      const newer = (stored: string | undefined): boolean =>
        Number((JSON.parse(stored ?? '') as { version: unknown }).version) > 1;

      parser('of an account', {
        inputs: fc.option(bodies(its), { nil: undefined, freq: 20 }),
        numRuns: 1500,
        outcomes: ['read', 'none', 'newer'],
        parse: (stored) => {
          try {
            const value = parseRecord(stored);
            if (!value) return 'none';
            assert.deepEqual(
              parseRecord(serializeRecord(value)),
              value,
              'what was parsed must survive serializing and parsing',
            );
            const {
              session: { api = 'authV1', signedInAt, accessToken: access, grant, clientId, ended, exchange } = {},
              pendingRevocations,
            } = value;
            const [refresh, password] = [refreshTokenOf({ grant }), savedPasswordOf({ grant })?.password];
            assert.ok(
              ['authV1', 'oauth2', 'legacy'].includes(api) && [undefined, 'revoked', 'interrupted'].includes(ended),
            );
            assert.ok(
              areTimes(signedInAt, access?.issuedAt, access?.expiresAt, refresh?.expiresAt, exchange?.startedAt) &&
                areTexts(access?.value, refresh?.value, clientId, password, exchange?.of),
            );
            assert.ok(
              (!access || isText(access.value)) &&
                (!refresh || isText(refresh.value)) &&
                (!exchange || isText(exchange.of)),
            );
            for (const each of pendingRevocations)
              assert.ok(
                isText(each.token) &&
                  areTexts(each.clientId) &&
                  areTimes(each.expiresAt) &&
                  ['authV1', 'oauth2', 'legacy'].includes(each.api),
              );
            return 'read';
          } catch (error) {
            assert.ok(error instanceof NewerVersionError && newer(stored));
            return 'newer';
          }
        },
      });

      parser('with the index of accounts', {
        inputs: fc.option(bodies(its), { nil: undefined, freq: 20 }),
        numRuns: 1500,
        outcomes: ['read', 'none', 'newer'],
        parse: (stored) => {
          try {
            const value = parseIndex(stored);
            assert.deepEqual(
              parseIndex(serializeIndex(value)),
              value,
              'what was parsed must survive serializing and parsing',
            );
            for (const each of value)
              assert.ok(
                [each.id, each.platform.href, each.account.id, each.account.label, each.account.userName].every(
                  isText,
                ) &&
                  areTexts(each.account.sub) &&
                  typeof each.signedIn === 'boolean',
              );
            return value.length > 0 ? 'read' : 'none';
          } catch (error) {
            assert.ok(error instanceof NewerVersionError && newer(stored));
            return 'newer';
          }
        },
      });
    });
  });

  describe('the extension shows a harmless text', () => {
    parser('as plain text', {
      inputs: fc.tuple(text, fc.integer({ min: 1, max: 300 })),
      numRuns: 1000,
      outcomes: ['shown', 'nothing'],
      parse: ([its, length]) => {
        const shown = plainText(its, length);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]|^\s|\s\s|\s$/u);
        assert.ok([...shown].length <= length);
        assert.equal(plainText(shown, length), shown);
        return shown === '' ? 'nothing' : 'shown';
      },
    });

    parser('as a server’s text', {
      inputs: fc.oneof(
        text,
        fc
          .tuple(text, fc.constantFrom(hex, `Bearer ${hex}`, 'Basic bWF4OnNlY3JldA=='), text)
          .map(([before, secret, after]) => `${before} ${secret} ${after}`),
      ),
      numRuns: 2000,
      outcomes: ['shown', 'dropped'],
      parse: (its) => {
        const shown = harmlessText(its);
        if (shown === undefined) return 'dropped';
        assert.doesNotMatch(shown, HARM);
        assert.doesNotMatch(shown, /^$|\n/);
        assert.ok([...shown].length <= 200);
        assert.ok(!shown.includes(hex) && !shown.includes('bWF4OnNlY3JldA'), 'the text contains a secret');
        return 'shown';
      },
    });

    parser('as Markdown', {
      inputs: text,
      numRuns: 2000,
      outcomes: ['escaped', 'as it is'],
      parse: (its) => {
        const shown = plainText(its);
        const escaped = escapeMarkdown(shown);
        // Every markup character is escaped or an entity.
        assert.match(escaped, /^(\\[\\`*_{}[\]()#+\-.!|<>~:@]|&amp;|&#36;|[^\\`*_{}[\]()#+\-.!|<>~:@&$])*$/u);
        const rendered = escaped.replace(/\\(.)/gu, '$1').replaceAll('&#36;', '$').replaceAll('&amp;', '&');
        assert.equal(rendered.replaceAll('\u200b', ''), shown, 'the rendered text must be unchanged');
        assert.doesNotMatch(rendered, /:\/\/|\bwww\.|@(?!\u200b)/i, 'a URL or e-mail address would become a link');
        return escaped === shown ? 'as it is' : 'escaped';
      },
    });

    const names = fc.tuple(text, text).map(([instanceName, userName]) => ({
      instanceName: plainText(instanceName) || 'demo',
      userName: plainText(userName) || 'max',
    }));
    const statusBar = (
      { instanceName, userName }: { instanceName: string; userName: string },
      expiresAt: number | undefined,
    ): StatusBarInput => {
      const {
        instances: [first = assert.fail()],
      } = parseInstances([{ url: 'demo', name: instanceName }]);
      const account = storedAccount({
        userName,
        session: session(accessToken(hex, expiresAt === undefined ? {} : { expiresAt })),
      });
      return {
        instances: [first],
        active: first,
        account,
        accounts: [account],
        activity: undefined,
        isReachable: () => true,
        needsSecret: () => false,
        now,
        warningMs: 60_000,
      };
    };

    parser('in the status bar and its tooltip', {
      inputs: fc.tuple(names, fc.constantFrom(undefined, now - 1, now + 30_000, now + 3_600_000)),
      numRuns: 1000,
      outcomes: ['as any name'],
      parse: ([its, expiresAt]) => {
        const [hostile, harmless] = [its, { instanceName: 'demo', userName: 'max' }].map((each) =>
          statusBar(each, expiresAt),
        );
        assert.ok(hostile && harmless);
        const links = (markdown: string): readonly string[] =>
          [...markdown.matchAll(/(?<!\\)\]\((?:command:([\w.]+))?/g)].map(([, command = 'elsewhere']) => command);
        const [tooltip, other] = [tooltipMarkdown(hostile, 'en'), tooltipMarkdown(harmless, 'en')];
        assert.deepEqual(links(tooltip), links(other), 'the links must be the same');
        assert.ok(links(tooltip).every((command) => TOOLTIP_COMMANDS.some((known) => known === command)));
        for (const mark of [/\n/g, /(?<!\\)\|/g, /\$\(/g, /(?<!\\)[<>]/g, /\]\(/g])
          assert.equal(tooltip.match(mark)?.length, other.match(mark)?.length, String(mark));
        const icons = (label: string): readonly string[] => label.match(/(?<!\\)\$\([\w~-]+\)/g) ?? [];
        assert.deepEqual(icons(statusBarModel(hostile).text), icons(statusBarModel(harmless).text));
        return 'as any name';
      },
    });

    parser('in a diagnosis report', {
      inputs: fc.record({ issuer: text, subject: text, error: text, host: text, entry: text }),
      numRuns: 500,
      outcomes: ['as any words'],
      parse: (facts) => {
        const report = (its: Record<string, string>): string =>
          diagnosisMarkdown(
            {
              at: now,
              extension: '1',
              editor: 'x',
              system: 'y',
              ofEditor: [bad('secretStorage.fails', its)],
              ofInstances: [
                {
                  url: platform.href,
                  name: its['host'] ?? '',
                  findings: [
                    bad('tls.unknownAuthority', its),
                    bad('tls.wrongName', its),
                    bad('answer.redirect', { ...its, status: 302 }),
                    bad('proxy.bypassed', { ...its, source: 'NO_PROXY' }),
                  ],
                },
              ],
            },
            'en',
          );
        const [shown, other] = [
          report(facts),
          report({ issuer: 'a', subject: 'b', error: 'c', host: 'd', entry: 'e' }),
        ];
        for (const mark of [/\n/g, /`/g, /\]\s*\(/g, /command:/gi, /\$\(/g])
          assert.equal(shown.match(mark)?.length, other.match(mark)?.length, String(mark));
        assert.doesNotMatch(shown, /[^\P{Cc}\n]|\p{Cf}/u);
        return 'as any words';
      },
    });

    describe('without the session’s secrets, for an introspection', () => {
      const secrets = { token: hex, refreshToken: 'refresh~Nb4.Gd1_Tz', password: 'Zq7 pä:ss/w+%' };
      const all = Object.values(secrets);
      const its = bodies({
        active: [true],
        username: [...words, '[x](command:y)', hex],
        sub: words,
        client_id: ['app'],
        exp: [now / 1000 + 60],
        iat: [now / 1000],
        echo: all,
        list: [all, [{ refresh_token: secrets.refreshToken }]],
        password: [secrets.password],
        [hex]: [1],
        more: ['```\n# evil\n', '````', '\u202e', '\u001b[31m', ...all.map((secret) => `you sent ${secret}.`)],
      });
      const stored = storedAccount({
        session: {
          api: 'oauth2',
          signedInAt: 0,
          accessToken: accessToken(secrets.token),
          grant: { kind: 'refreshToken', value: secrets.refreshToken, expiresAt: now },
        },
      });

      parser('as a document', {
        inputs: its,
        numRuns: 1500,
        outcomes: ['active', 'not active'],
        parse: (body) => {
          const response = httpResponse({ body, receivedAt: now });
          let value: ReturnType<typeof parseIntrospectionResponse> = { active: false };
          readOrRefused(() => (value = parseIntrospectionResponse(response)), MalformedResponseError);
          const told = answer(response, value);
          const expiresAt = expiryOf(told);
          const shown = introspectionMarkdown(
            stored,
            { answer: told, token: accessToken(secrets.token), ...(expiresAt !== undefined && { expiresAt }) },
            Object.values(secrets),
            'en',
          );
          for (const secret of all) assert.ok(!shown.includes(secret), `the document contains ${secret}`);
          const [before = '', block, after, ...more] = shown.split(/^\s*```/m);
          assert.deepEqual(
            [block?.slice(0, 5), after, more],
            ['json\n', '\n', []],
            'the text must not leave the code block',
          );
          assert.doesNotMatch(before, /\]\s*\(|command:|\$\(/i);
          assert.doesNotMatch(shown, /[^\P{Cc}\n]|\p{Cf}/u);
          return value.active ? 'active' : 'not active';
        },
      });
    });

    describe('without any secret, by the redaction', () => {
      const home = '/home/max';
      const secret = fc.stringMatching(/^[A-Za-z0-9\-._~+/]{8,40}=?$/);
      const userInfo = fc.stringMatching(/^[\w.~!$&()*+,;=%-]{4,12}$/);
      const planted = fc.oneof(
        fc.stringMatching(/^[0-9a-f]{40}$/).map((token) => [token, token]),
        fc
          .tuple(fc.constantFrom('Bearer', 'bearer', 'Basic', 'BASIC'), fc.constantFrom(' ', '  '), secret)
          .map(([scheme, space, token]) => [`Authorization: ${scheme}${space}${token}`, token]),
        fc
          .tuple(fc.constantFrom('http', 'https', 'socks5', 'git+ssh'), userInfo, userInfo)
          .map(([scheme, user, password]) => [
            `${scheme}://${user}:${password}@proxy.example:8080/x`,
            `${user}:${password}`,
          ]),
        fc.stringMatching(/^\/[\w/]{1,10}$/).map((path) => [`${home}${path}`, home]),
      ) as fc.Arbitrary<[string, string]>;

      parser('of a report', {
        // A text that contains the planted secret by chance would prove nothing.
        inputs: fc
          .array(fc.tuple(text, planted), { minLength: 1, maxLength: 3 })
          .filter((parts) => parts.every(([, [, its]]) => parts.every(([before]) => !before.includes(its)))),
        numRuns: 1500,
        outcomes: ['redacted'],
        parse: (parts) => {
          const whole = parts.map(([before, [with_]]) => `${before} ${with_} `).join('\n');
          const shown = redactReport(whole, home);
          for (const [, [, its]] of parts) assert.ok(!shown.includes(its), `${its} in ${JSON.stringify(shown)}`);
          // Programs get the same report as JSON.
          const told = JSON.parse(redactReport(JSON.stringify({ text: whole }), home)) as { text: string };
          for (const [, [, its]] of parts) assert.ok(!told.text.includes(its), its);
          return 'redacted';
        },
      });

      parser('of a server’s quotation of the request', {
        inputs: fc
          .record({
            user: fc.stringMatching(/^[\w.@-]{1,12}$/),
            password: fc.string({ unit: 'grapheme', minLength: 4, maxLength: 20 }),
            scheme: fc.constantFrom('Basic', 'Bearer', undefined),
            otp: fc.option(fc.stringMatching(/^\d{6}$/), { nil: undefined }),
            before: text,
            between: text,
          })
          .filter(
            ({ password }) =>
              !password.includes('…') && password === password.normalize('NFC') && password.trim() !== '',
          ),
        numRuns: 1500,
        outcomes: ['Basic', 'Bearer', 'form'],
        parse: ({ user, password, scheme, otp, before, between }) => {
          const credentials = Buffer.from(scheme === 'Basic' ? `${user}:${password}` : password).toString('base64');
          const conceal = concealRequestSecrets({
            headers: scheme ? { Authorization: `${scheme} ${credentials}` } : {},
            form: { grant_type: 'password', ...(scheme !== 'Bearer' && { password }), ...(otp && { otp }) },
          });
          const said = [
            ...(scheme ? [credentials] : []),
            ...(scheme === 'Bearer' ? [] : [password]),
            ...(otp ? [otp] : []),
          ];
          const quoted = said.flatMap((its) => Object.values(quotations(its)));
          const shown = conceal([before, ...quoted].join(between));
          for (const quotation of quoted)
            assert.ok(!shown.includes(quotation), `${quotation} in ${JSON.stringify(shown)}`);
          return scheme ?? 'form';
        },
      });
    });
  });
});
