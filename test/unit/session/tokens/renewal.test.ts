import assert from 'node:assert/strict';
import { refreshTokenOf as refreshGrantOf, savedPassword, savedPasswordOf } from '../../../../src/session/model/grant';
import { needsSecret, SignInRequiredError } from '../../../../src/session/tokens/renewal';
import { fingerprint, sessionState, usableToken, type StoredAccount } from '../../../../src/session/model/session';
import type { SessionStore } from '../../../../src/session/storage/sessionStore';
import { passwordForgotten } from '../../../../src/session/model/transitions';
import type { Fetch } from '../../../../src/zeyos/transport/http';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { SleepySecrets, UnluckySecrets } from '../../../support/memorySecrets';
import { hans, maxPower, olga, vscodeApplication } from '../../../support/sandbox/fixtures';
import type { Fault } from '../../../support/sandbox/sandbox';
import { Leases, startScene, type Scene } from '../../../support/scene';
import { tokenSet } from '../../../support/builders';

const hour = 3_600_000;
const day = 24 * hour;
const max = { userName: 'max.power' };

describe('Renewing a session', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await startScene();
  });

  afterEach(async () => {
    const secrets = [
      ...scene.sandbox.tokens().map(({ value }) => value),
      maxPower.password,
      vscodeApplication.client_secret,
    ];
    assert.deepEqual(
      secrets.filter((secret) => scene.log.text.includes(secret)),
      [],
    );
    await scene.end();
  });

  /** Signs in through the browser, lets the access token expire, and returns the id of the account. */
  const expired = async (): Promise<string> => {
    const { id } = await scene.signInByBrowser();
    scene.clock.advance(hour);
    return id;
  };
  const tokenOf = ({ session }: StoredAccount): string =>
    session?.accessToken?.value ?? assert.fail('there is no access token');
  const refreshTokenOf = ({ session }: StoredAccount): string =>
    refreshGrantOf(session)?.value ?? assert.fail('there is no refresh token');
  const exchanges = () => scene.sandbox.exchanges.filter(({ grant_type }) => grant_type === 'refresh_token');
  const alive = () =>
    scene.sandbox
      .tokens()
      .filter(({ active }) => active)
      .map(({ value }) => value);
  /** Returns `good` or the reason of the end. A session must not be in any other state. */
  const verdict = async (store: SessionStore, id: string): Promise<string> => {
    await store.refresh();
    const stored = store.find(id);
    assert.ok(stored, 'there is no account');
    const { session } = stored;
    if (session?.ended !== undefined) {
      assert.ok(!session.accessToken && !refreshGrantOf(session));
      assert.equal(
        session.ended === 'interrupted',
        session.exchange !== undefined,
        'a session must have an exchange exactly if it was interrupted',
      );
      return session.ended;
    }
    if (!session || session.exchange) return 'in between';
    const token = usableToken(stored, scene.clock.now());
    return token && alive().includes(token.value) && alive().includes(refreshTokenOf(stored)) ? 'good' : 'in between';
  };
  /** Returns a fetch that runs `happens` after the answer arrives and before it is read. */
  const fetchThen =
    (path: string, happens: () => Promise<unknown>): Fetch =>
    async (url, init) => {
      const response = await fetch(url, init);
      if (url.endsWith(path)) await happens();
      return response;
    };

  /** A signal that a test gives once and others wait for. */
  const signal = (): { give(): void; given: Promise<void> } => {
    let give = (): void => undefined;
    const given = new Promise<void>((resolve) => (give = resolve));
    return { give: () => give(), given };
  };

  it('exchanges the refresh token, and stores the new tokens for every window', async () => {
    const id = await expired();
    const before = scene.account(id);
    const after = await scene.renewal.renew(id);
    const [exchange] = exchanges();
    assert.deepEqual(
      [exchange?.from, exchange?.access_token, exchange?.refresh_token],
      [refreshTokenOf(before), tokenOf(after), refreshTokenOf(after)],
    );
    const now = scene.clock.now();
    assert.deepEqual(after, {
      ...before,
      session: {
        api: 'oauth2',
        clientId: 'vscode',
        signedInAt: before.session?.signedInAt,
        accessToken: { value: tokenOf(after), issuedAt: now, expiresAt: now + hour },
        grant: { kind: 'refreshToken', value: refreshTokenOf(after), expiresAt: now + 100 * day },
      },
    });
    assert.deepEqual(scene.account(id), after);
    const { store } = scene.openWindow();
    await store.refresh();
    assert.deepEqual(store.find(id), after);
    assert.equal(await verdict(store, id), 'good');
  });

  it('does nothing while the token is valid', async () => {
    const { id } = await scene.signInByBrowser();
    assert.deepEqual(await scene.renewal.renew(id), scene.account(id));
    assert.deepEqual(scene.sandbox.requests, []);
  });

  it('exchanges the refresh token once for simultaneous callers', async () => {
    const id = await expired();
    const got = await Promise.all(Array.from({ length: 5 }, () => scene.renewal.renew(id)));
    assert.equal(new Set(got.map(tokenOf)).size, 1);
    assert.equal(exchanges().length, 1);
  });

  it('exchanges the refresh token once for two windows, of which the second adopts the tokens', async () => {
    const id = await expired();
    const other = scene.openWindow();
    await other.store.refresh();
    const got = await Promise.all([scene, other, scene, other].map(({ renewal }) => renewal.renew(id)));
    assert.equal(new Set(got.map(tokenOf)).size, 1);
    assert.equal(exchanges().length, 1);
    await Promise.all([scene, other].map(async ({ store }) => assert.equal(await verdict(store, id), 'good')));
  });

  it('replaces a token that the callers do not accept, once for all callers', async () => {
    const { id } = await scene.signInByBrowser();
    const unwanted = tokenOf(scene.account(id));
    const other = scene.openWindow();
    await other.store.refresh();
    const got = await Promise.all(
      [scene, other, scene].map(({ renewal }) => renewal.renew(id, { unwanted: unwanted, isRejected: true })),
    );
    assert.equal(new Set([unwanted, ...got.map(tokenOf)]).size, 2);
    assert.equal(exchanges().length, 1);
  });

  it('renews again for a caller that joined a renewal to a token that the caller does not accept', async () => {
    const id = await expired();
    const first = await scene.renewal.renew(id);
    const [a, b] = await Promise.all([
      scene.renewal.renew(id, { unwanted: tokenOf(first) }),
      scene.renewal.renew(id, { unwanted: 'some other' }),
    ]);
    assert.equal(tokenOf(a), tokenOf(b));
    assert.equal(exchanges().length, 2);
  });

  it('keeps the refresh token if the server sends no new one', async () => {
    const id = await expired();
    const refreshToken = refreshGrantOf(scene.account(id).session);
    scene.sandbox.fault('/token', { kind: 'json', body: { access_token: 'next', expires_in: 60 } });
    const after = await scene.renewal.renew(id);
    assert.deepEqual(
      [tokenOf(after), refreshGrantOf(after.session), after.session?.exchange],
      ['next', refreshToken, undefined],
    );
  });

  describe('rejects with SignInRequiredError', () => {
    const impossible = (id: string, unwanted?: string) =>
      assert.rejects(scene.renewal.renew(id, { unwanted }), SignInRequiredError);

    it('for an unknown account, a signed-out account, and a session that cannot be renewed', async () => {
      await impossible('nobody');
      const { id } = await scene.signIn();
      await impossible(id, tokenOf(scene.account(id)));
      assert.equal(sessionState(scene.account(id), scene.clock.now()), 'good');
      await scene.store.signOut(id);
      await impossible(id);
      assert.deepEqual(scene.sandbox.requests, []);
    });

    it('after the refresh token has expired', async () => {
      const id = await expired();
      scene.clock.advance(100 * day);
      await impossible(id);
      assert.deepEqual(scene.sandbox.requests, []);
    });

    it('after the server ended the session', async () => {
      const id = await expired();
      scene.sandbox.revokeAll();
      await impossible(id);
      assert.equal(await verdict(scene.store, id), 'revoked');
      scene.sandbox.clearRequests();
      await impossible(id);
      assert.deepEqual(scene.sandbox.requests, []);
    });
  });

  describe('after the server rejects the refresh token', () => {
    it('reads the storage again, because another window may have renewed the session', async () => {
      const id = await expired();
      // Without a common lease, the other window finishes before this request is sent.
      const happens = { done: false };
      const other = scene.openWindow({ leases: new Leases() });
      const here = scene.openWindow({
        fetch: async (url, init) => {
          if (!happens.done) await other.renewal.renew(id);
          happens.done = true;
          return fetch(url, init);
        },
      });
      const after = await here.renewal.renew(id);
      assert.equal(exchanges().length, 1);
      assert.deepEqual(
        [tokenOf(after), refreshTokenOf(after)],
        [exchanges()[0]?.access_token, exchanges()[0]?.refresh_token],
      );
      assert.equal(await verdict(scene.store, id), 'good');
    });

    it('does not end a session to which the user signed in meanwhile', async () => {
      const id = await expired();
      scene.sandbox.revokeAll();
      const { renewal } = scene.openWindow({
        fetch: fetchThen('/token', () => scene.store.signIn(scene.platform, max, tokenSet('new'))),
      });
      assert.equal(tokenOf(await renewal.renew(id)), 'new');
    });

    it('does not end a session from which the user signed out meanwhile', async () => {
      const id = await expired();
      scene.sandbox.revokeAll();
      const { renewal } = scene.openWindow({ fetch: fetchThen('/token', () => scene.store.signOut(id)) });
      await assert.rejects(renewal.renew(id), SignInRequiredError);
      assert.equal(sessionState(scene.account(id), scene.clock.now()), 'signedOut');
    });
  });

  describe('after a server failure', () => {
    const troubles: readonly [string, Fault][] = [
      ['503', { kind: 'status', status: 503 }],
      ['500 with an error body', { kind: 'json', status: 500, body: { error: 'server_error' } }],
      ['503 with invalid_grant', { kind: 'json', status: 503, body: { error: 'invalid_grant' } }],
      ['429', { kind: 'status', status: 429, retryAfterSeconds: 60 }],
      ['404', { kind: 'status', status: 404 }],
      ['403', { kind: 'status', status: 403 }],
      ['a bare 401', { kind: 'status', status: 401 }],
      ['a captive portal', { kind: 'html', status: 200 }],
      ['a gateway error', { kind: 'html' }],
      ['a proxy that requires authentication', { kind: 'html', status: 407 }],
      ['a proxy that forbids the request', { kind: 'html', status: 403 }],
      ['a redirect', { kind: 'redirect', location: 'https://login.example/' }],
      ['a cut connection', { kind: 'reset' }],
      ['a truncated answer', { kind: 'truncated' }],
      ['an empty answer', { kind: 'json', body: {} }],
      ['an error that does not concern the session', { kind: 'json', status: 400, body: { error: 'invalid_request' } }],
    ];
    for (const [what, fault] of troubles) {
      it(`does not end the session: ${what}`, async () => {
        const id = await expired();
        const { exchange: _exchange, ...before } = scene.account(id).session ?? assert.fail();
        scene.sandbox.fault('/token', fault);
        for (let tries = 0; tries < 2; tries++) {
          await assert.rejects(
            scene.renewal.renew(id),
            (error) => !(error instanceof SignInRequiredError) && !needsSecret(error),
          );
          const { exchange: _unknown, ...session } = scene.account(id).session ?? assert.fail();
          assert.deepEqual(session, before);
        }
        scene.sandbox.clearFaults();
        await scene.renewal.renew(id);
        assert.equal(await verdict(scene.store, id), 'good');
        assert.equal(exchanges().length, 1);
      });
    }

    it('that certainly did nothing removes the journal, and the next failure is reported unchanged', async () => {
      const id = await expired();
      for (const fault of [
        { kind: 'status', status: 429 },
        { kind: 'html', status: 403 },
      ] as const satisfies Fault[]) {
        scene.sandbox.fault('/token', fault, 1);
        await assert.rejects(scene.renewal.renew(id));
        assert.equal(scene.account(id).session?.exchange, undefined);
      }
      scene.sandbox.revokeAll();
      await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
      assert.equal(await verdict(scene.store, id), 'revoked');
    });

    it('because the connection is refused removes the journal', async () => {
      const id = await expired();
      const deaf = scene.openWindow({
        fetch: () =>
          Promise.reject(
            Object.assign(new TypeError('fetch failed'), {
              cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
            }),
          ),
      });
      await assert.rejects(deaf.renewal.renew(id), { name: 'NetworkError' });
      await scene.store.refresh();
      assert.equal(scene.account(id).session?.exchange, undefined);
    });

    it('keeps the journal while the result is unknown', async () => {
      const id = await expired();
      const refreshToken = refreshTokenOf(scene.account(id));
      scene.sandbox.fault('/token', { kind: 'reset' }, 1);
      await assert.rejects(scene.renewal.renew(id));
      assert.deepEqual(scene.account(id).session?.exchange, {
        of: fingerprint(refreshToken),
        startedAt: scene.clock.now(),
      });
      assert.ok(!fingerprint(refreshToken).includes(refreshToken));
      // A later attempt that certainly did nothing does not remove the journal either.
      scene.sandbox.fault('/token', { kind: 'status', status: 429 }, 1);
      await assert.rejects(scene.renewal.renew(id));
      assert.equal(scene.account(id).session?.exchange?.of, fingerprint(refreshToken));
    });
  });

  describe('with a rejected client secret', () => {
    it('asks for the secret, keeps the session, and succeeds with the new secret', async () => {
      const id = await expired();
      const client = await scene.clientSecrets.get(scene.platform, 'vscode');
      await scene.clientSecrets.store(scene.platform, { clientId: 'vscode', clientSecret: 'outdated' });
      const before = scene.account(id);
      await assert.rejects(scene.renewal.renew(id), needsSecret);
      assert.deepEqual(scene.account(id), before);
      assert.equal(await scene.clientSecrets.get(scene.platform, 'vscode'), undefined);
      scene.sandbox.clearRequests();
      await assert.rejects(scene.renewal.renew(id), needsSecret);
      assert.deepEqual([scene.account(id), scene.sandbox.requests], [before, []]);
      await scene.clientSecrets.store(scene.platform, client ?? assert.fail());
      await scene.renewal.renew(id);
      assert.equal(await verdict(scene.store, id), 'good');
    });
  });

  describe('after the answer to an exchange was lost', () => {
    for (const how of ['hang', 'reset', 'truncated'] as const) {
      it(`ends the session as interrupted at the next attempt: ${how}`, async () => {
        const id = await expired();
        scene.sandbox.fault('/token', { kind: 'lostAnswer', how }, 1);
        await assert.rejects(
          scene.clock.run(scene.openWindow().renewal.renew(id)),
          (error) => !(error instanceof SignInRequiredError) && !needsSecret(error),
        );
        assert.equal(exchanges().length, 1);
        await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
        assert.equal(await verdict(scene.store, id), 'interrupted');
        assert.equal(sessionState(scene.account(id), scene.clock.now()), 'revoked');
      });
    }

    it('completes the exchange at the next attempt, although the old token has not expired', async () => {
      const { id } = await scene.signInByBrowser();
      scene.sandbox.fault('/token', { kind: 'lostAnswer', how: 'reset' }, 1);
      await assert.rejects(scene.renewal.renew(id, { unwanted: tokenOf(scene.account(id)) }));
      assert.equal(
        usableToken(scene.account(id), scene.clock.now()),
        undefined,
        'a token that may have ended was handed out',
      );
      await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
      assert.equal(await verdict(scene.store, id), 'interrupted');
    });

    it('works normally after the user signed in again', async () => {
      const id = await expired();
      scene.sandbox.fault('/token', { kind: 'lostAnswer', how: 'reset' }, 1);
      await assert.rejects(scene.renewal.renew(id));
      await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
      await scene.signInByBrowser();
      assert.equal(await verdict(scene.store, id), 'good');
    });
  });

  describe('in a window that crashes', () => {
    it('at any point leaves a session that is good or interrupted', async () => {
      const verdicts: string[] = [];
      for (let n = 1; ; n++) {
        const id = await expired();
        const unlucky = new UnluckySecrets(scene.secrets);
        const before = exchanges().length;
        const crash = unlucky.crashAt(n);
        // Another window may take over the lease when the holder counts as dead.
        const outcome = await Promise.race([
          crash,
          scene.openWindow({ through: unlucky, leases: new Leases() }).renewal.renew(id),
        ]);
        const next = scene.openWindow();
        await next.renewal
          .renew(id)
          .catch((error: unknown) => assert.ok(error instanceof SignInRequiredError, String(error)));
        verdicts.push(await verdict(next.store, id));
        assert.equal(exchanges().length, before + 1, `crashed before operation ${n}`);
        if (outcome !== 'crashed') break;
      }
      assert.deepEqual(new Set(verdicts), new Set(['good', 'interrupted']));
      // Tokens can only be lost between their arrival and the write.
      assert.match(verdicts.join(' '), /^(good )+(interrupted )+(good ?)+$/);
    });
  });

  describe('with a secret storage that fails', () => {
    it('at any point leaves a good session in the end', async () => {
      for (let n = 1; ; n++) {
        const id = await expired();
        const unlucky = new UnluckySecrets(scene.secrets);
        const window = scene.openWindow({ through: unlucky });
        const trouble = unlucky.failAt(n);
        const before = exchanges().length;
        await window.renewal
          .renew(id)
          .catch((error: Error) => assert.match(error.message, /keyring is locked|not be renewed|cannot be renewed/));
        if (!trouble.hasFailed) break;
        await window.renewal.renew(id);
        assert.equal(await verdict(scene.store, id), 'good', `operation ${n} failed`);
        assert.equal(exchanges().length, before + 1);
      }
    });
  });

  describe('that meanwhile is', () => {
    /** Opens a window in which `happens` runs between the server’s answer and the write of the new tokens. */
    const interrupted = async (happens: (id: string) => Promise<unknown>) => {
      const id = await expired();
      const window = scene.openWindow({ fetch: fetchThen('/token', () => happens(id)) });
      await assert.rejects(window.renewal.renew(id), SignInRequiredError);
      return { id, window };
    };

    const before: readonly [string, (id: string) => Promise<unknown>, number][] = [
      ['signed out before a request is sent sends none', (id) => scene.store.signOut(id), 0],
      ['renewed by another window before a request is sent is renewed once', (id) => scene.renewal.renew(id), 1],
    ];
    for (const [what, acts, sent] of before) {
      it(what, async () => {
        const id = await expired();
        const through = new SleepySecrets(scene.secrets);
        const { renewal } = scene.openWindow({ through, leases: new Leases() });
        const asleep = through.sleepAfter('get', 'zeyos.account.');
        const outcome = renewal.renew(id).then(
          (stored) => tokenOf(stored),
          () => undefined,
        );
        await asleep;
        await acts(id);
        through.wake();
        const token = await outcome;
        assert.equal(scene.sandbox.requests.filter(({ path }) => path.endsWith('/token')).length, sent);
        assert.equal(token, scene.account(id).session?.accessToken?.value);
      });
    }

    it('taken over by another window while this one slept sends nothing from this window', async () => {
      const id = await expired();
      const through = new SleepySecrets(scene.secrets);
      const { renewal } = scene.openWindow({ through });
      // The journal says that the request is about to be sent.
      const asleep = through.sleepAfter('store', 'zeyos.account.');
      const outcome = renewal.renew(id);
      await asleep;
      for (const name of ['accounts', `renewal.${id}`]) scene.leases.get(name).takeOver();
      const after = await scene.renewal.renew(id);
      through.wake();
      assert.deepEqual([tokenOf(await outcome), exchanges().length], [tokenOf(after), 1]);
    });

    it('signed out stays signed out, and revokes the new tokens', async () => {
      const { id, window } = await interrupted((its) => scene.store.signOut(its));
      await window.revocations.settleAccount(id);
      await scene.store.refresh();
      const { session, pendingRevocations } = scene.account(id);
      assert.deepEqual([session, pendingRevocations, alive()], [undefined, [], []]);
    });

    it('signed out keeps the new tokens pending for revocation if the server cannot be reached', async () => {
      const { id, window } = await interrupted(async (its) => {
        await scene.store.signOut(its);
        scene.sandbox.fault('/revoke', { kind: 'status', status: 503 });
      });
      assert.equal(await window.revocations.settleAccount(id), false);
      const [exchange] = exchanges();
      await scene.store.refresh();
      assert.deepEqual(
        scene.account(id).pendingRevocations.map(({ token }) => token),
        [exchange?.from, exchange?.refresh_token],
      );
      scene.sandbox.clearFaults();
      assert.equal(await scene.revocations.settleAccount(id), true);
      assert.deepEqual(alive(), []);
    });

    it('signed in to again keeps the later session, and revokes the new tokens', async () => {
      const again: StoredAccount[] = [];
      const { id, window } = await interrupted(async () => again.push(await scene.signInByBrowser()));
      const [mine = assert.fail()] = again;
      await window.revocations.settleAccount(id);
      await scene.store.refresh();
      assert.deepEqual([scene.account(id).session, scene.account(id).pendingRevocations], [mine.session, []]);
      assert.deepEqual(alive().sort(), [tokenOf(mine), refreshTokenOf(mine)].sort());
      assert.equal(await verdict(scene.store, id), 'good');
    });

    it('taken over by another window keeps that window’s tokens when the window that slept is rejected', async () => {
      const id = await expired();
      const [journalled, answered] = [signal(), signal()];
      // The window that slept asks second and is rejected. The other has its answer but has not written it yet.
      const slept = scene.openWindow({
        leases: new Leases(),
        fetch: async (url, init) => {
          journalled.give();
          await answered.given;
          return fetch(url, init);
        },
      });
      const refused = assert.rejects(slept.renewal.renew(id), SignInRequiredError);
      await journalled.given;
      scene.clock.advance(30_000);
      const tookOver = scene.openWindow({
        fetch: fetchThen('/token', () => {
          answered.give();
          return refused;
        }),
      });
      const after = await tookOver.renewal.renew(id);
      assert.equal(tokenOf(after), exchanges()[0]?.access_token);
      assert.equal(await verdict(scene.store, id), 'good');
      assert.deepEqual(scene.account(id).pendingRevocations, []);
    });

    it('considered interrupted by another window is restored by the window that slept', async () => {
      const id = await expired();
      // The other window took over the lease. It is rejected and finds the journal.
      const other = scene.openWindow({ leases: new Leases() });
      const slow = scene.openWindow({
        fetch: fetchThen('/token', () => assert.rejects(other.renewal.renew(id), SignInRequiredError)),
      });
      const after = await slow.renewal.renew(id);
      assert.equal(tokenOf(after), exchanges()[0]?.access_token);
      assert.equal(await verdict(scene.store, id), 'good');
    });
  });

  describe('with a saved password', () => {
    it('signs in again if the token has expired', async () => {
      const { id, session } = await scene.signIn({ keepsPassword: true });
      await scene.renewal.renew(id);
      assert.deepEqual(scene.sandbox.requests, []);
      scene.clock.advance(day + 60_000);
      const after = await scene.renewal.renew(id);
      assert.deepEqual(
        [savedPasswordOf(after.session)?.password, after.session?.signedInAt],
        [maxPower.password, session?.signedInAt],
      );
      assert.deepEqual(alive(), [tokenOf(after)]);
      await scene.revocations.settle();
      assert.deepEqual(scene.account(id).pendingRevocations, []);
      assert.deepEqual(
        scene.sandbox.requests.map(({ path }) => path),
        ['/demo/auth/v1/token'],
        'an expired token needs no revocation',
      );
    });

    it('signs in once for two windows', async () => {
      const { id } = await scene.signIn({ keepsPassword: true });
      scene.clock.advance(day);
      const other = scene.openWindow();
      const got = await Promise.all([scene, other, scene].map(({ renewal }) => renewal.renew(id)));
      assert.equal(new Set(got.map(tokenOf)).size, 1);
      assert.equal(scene.sandbox.tokens().length, 2);
    });

    it('replaces a token that the caller does not accept, and revokes that token', async () => {
      const { id } = await scene.signIn({ keepsPassword: true });
      const after = await scene.renewal.renew(id, { unwanted: tokenOf(scene.account(id)) });
      await scene.revocations.settleAccount(id);
      assert.deepEqual([alive(), scene.account(id).pendingRevocations], [[tokenOf(after)], []]);
    });

    it('rejects if the server rejected the token', async () => {
      const { id } = await scene.signIn({ keepsPassword: true });
      await assert.rejects(
        scene.renewal.renew(id, { unwanted: tokenOf(scene.account(id)), isRejected: true }),
        SignInRequiredError,
      );
      assert.deepEqual(scene.sandbox.requests, []);
    });

    const refusals: readonly [string, Fault][] = [
      ['401', { kind: 'json', status: 401, body: { error: 'invalid_grant' } }],
      [
        '401 in plain text',
        {
          kind: 'text',
          status: 401,
          body: 'Unauthorized: Invalid credentials',
          headers: { 'WWW-Authenticate': 'Basic realm="demo"' },
        },
      ],
      ['403 invalid_grant', { kind: 'json', status: 403, body: { error: 'invalid_grant' } }],
      [
        'a demand for a one-time code',
        {
          kind: 'json',
          status: 401,
          body: { error: 'otp_required', error_description: 'One-time password (OTP) required' },
        },
      ],
    ];
    for (const [what, fault] of refusals) {
      it(`deletes the password after ${what}, and does not try it again`, async () => {
        const { id } = await scene.signIn({ keepsPassword: true });
        scene.clock.advance(day);
        scene.sandbox.fault('/token', fault);
        await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
        assert.ok(!scene.secrets.text.includes(maxPower.password));
        assert.equal(sessionState(scene.account(id), scene.clock.now()), 'expired');
        await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
        assert.equal(scene.sandbox.requests.length, 1);
      });
    }

    it('at the legacy login keeps the password while the application secret is rejected, and succeeds with another secret', async () => {
      const platform = PlatformUrl.parse(scene.sandbox.url('legacy'));
      scene.sandbox.instance('legacy').applications = [vscodeApplication];
      const { value } = await scene.passwordRequests.request(platform, {
        username: hans.name,
        password: hans.password,
      });
      const { id } = await scene.store.signIn(platform, { userName: hans.name }, value, savedPassword(hans.password));
      await scene.clientSecrets.storeApplicationSecret(platform, 'outdated');
      scene.clock.advance(100 * day);
      await assert.rejects(scene.renewal.renew(id), needsSecret);
      assert.deepEqual(
        [scene.rejectedClientSecrets.has(scene.account(id)), savedPasswordOf(scene.account(id).session)?.password],
        [true, hans.password],
      );
      await scene.clientSecrets.storeApplicationSecret(platform, vscodeApplication.client_secret);
      await scene.renewal.renew(id);
      assert.deepEqual(
        [scene.rejectedClientSecrets.has(scene.account(id)), scene.sandbox.tokens().map(({ client_id }) => client_id)],
        [false, [undefined, 'vscode']],
      );
    });

    it('rejects for a user who needs a one-time code', async () => {
      const { value } = await scene.passwordRequests.request(scene.platform, {
        username: olga.name,
        password: olga.password,
        oneTimeCode: olga.otp,
      });
      const { id } = await scene.store.signIn(
        scene.platform,
        { userName: olga.name },
        value,
        savedPassword(olga.password),
      );
      scene.clock.advance(day);
      await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
      assert.equal(savedPasswordOf(scene.account(id).session)?.password, undefined);
    });

    it('deletes the password after the first 401 of any kind, to avoid locking the account', async () => {
      const { id } = await scene.signIn({ keepsPassword: true });
      scene.clock.advance(day);
      scene.sandbox.fault('/token', { kind: 'status', status: 401 }, 1);
      await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
      assert.equal(savedPasswordOf(scene.account(id).session)?.password, undefined);
    });

    it('does not restore a session that the server ended before its time', async () => {
      const { id, session } = await scene.signIn({ keepsPassword: true });
      scene.sandbox.revoke(session?.accessToken?.value ?? '');
      scene.clock.advance(day - 30_000);
      await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
      assert.deepEqual(
        [scene.account(id).session?.ended, savedPasswordOf(scene.account(id).session)?.password],
        ['revoked', undefined],
      );
      assert.ok(!scene.sandbox.requests.some(({ path }) => path.endsWith('/token')));
    });

    it('signs in with the name that the user typed, even if the server names the user differently', async () => {
      const { id } = await scene.signIn({ keepsPassword: true });
      await scene.store.update(id, (secret) =>
        secret.session ? { ...secret, session: { ...secret.session, login: 'nobody' } } : secret,
      );
      scene.clock.advance(day);
      await assert.rejects(scene.renewal.renew(id), SignInRequiredError);
    });

    for (const fault of [
      { kind: 'status', status: 503 },
      { kind: 'reset' },
      { kind: 'html', status: 200 },
      { kind: 'status', status: 429 },
    ] as const satisfies Fault[]) {
      it(`keeps the password after ${JSON.stringify(fault)}`, async () => {
        const { id } = await scene.signIn({ keepsPassword: true });
        scene.clock.advance(day);
        const before = scene.account(id);
        scene.sandbox.fault('/token', fault, 1);
        await assert.rejects(
          scene.renewal.renew(id),
          (error) => !(error instanceof SignInRequiredError) && !needsSecret(error),
        );
        assert.deepEqual(scene.account(id), before);
        assert.ok(usableToken(await scene.renewal.renew(id), scene.clock.now()));
      });
    }

    for (const [when, ms] of [
      ['before the token expires', 0],
      ['after the token has expired', day],
    ] as const) {
      it(`done by another window ${when} is adopted by a window that slept meanwhile`, async () => {
        const { id } = await scene.signIn({ keepsPassword: true });
        scene.clock.advance(ms);
        const unwanted = tokenOf(scene.account(id));
        const [begun, awake] = [signal(), signal()];
        const slept = scene.openWindow({
          leases: new Leases(),
          fetch: async (url, init) => {
            begun.give();
            await awake.given;
            return fetch(url, init);
          },
        });
        const outcome = slept.renewal.renew(id, { unwanted });
        await begun.given;
        const other = scene.openWindow();
        const after = await other.renewal.renew(id, { unwanted });
        await other.revocations.settleAccount(id);
        awake.give();
        assert.equal(tokenOf(await outcome), tokenOf(after));
        await slept.revocations.settleAccount(id);
        assert.deepEqual(alive(), [tokenOf(after)]);
      });
    }

    it('does not restore a password that was deleted meanwhile', async () => {
      const { id } = await scene.signIn({ keepsPassword: true });
      scene.clock.advance(day);
      const { renewal } = scene.openWindow({
        fetch: fetchThen('/token', () => scene.store.update(id, passwordForgotten)),
      });
      const after = await renewal.renew(id);
      assert.ok(usableToken(after, scene.clock.now()));
      assert.ok(!scene.secrets.text.includes(maxPower.password));
    });

    it('revokes the new token if the user signed out meanwhile', async () => {
      const { id } = await scene.signIn({ keepsPassword: true });
      scene.clock.advance(day);
      const window = scene.openWindow({ fetch: fetchThen('/token', () => scene.store.signOut(id)) });
      await assert.rejects(window.renewal.renew(id), SignInRequiredError);
      await window.revocations.settleAccount(id);
      assert.deepEqual(alive(), []);
      assert.ok(!scene.secrets.text.includes(maxPower.password));
    });
  });
});
