import assert from 'node:assert/strict';
import { sessionState } from '../../../../src/session/model/session';
import { StillActiveError } from '../../../../src/session/tokens/accountTokens';
import { HttpError, MalformedResponseError } from '../../../../src/zeyos/errors';
import { maxPower } from '../../../support/sandbox/fixtures';
import type { Fault } from '../../../support/sandbox/sandbox';
import { startScene, type Scene } from '../../../support/scene';

const hour = 3_600_000;

describe('Of the token operations for an account,', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await startScene();
  });

  afterEach(() => scene.end());

  const state = (id: string) => sessionState(scene.account(id), scene.clock.now());
  const valueOf = (id: string): string =>
    scene.account(id).session?.accessToken?.value ?? assert.fail('there is no access token');

  it('request a token with the user’s credentials', async () => {
    const { value } = await scene.passwordRequests.request(scene.platform, {
      username: maxPower.name,
      password: maxPower.password,
    });
    assert.deepEqual(
      scene.sandbox.tokens().map((token) => token.value),
      [value.accessToken.value],
    );
    await assert.rejects(
      scene.passwordRequests.request(scene.platform, { username: maxPower.name, password: 'wrong' }),
      { name: 'OAuthError', rejectsCredentials: true },
    );
  });

  it('introspecting works for a new token before it is stored', async () => {
    const { value } = await scene.passwordRequests.request(scene.platform, {
      username: maxPower.name,
      password: maxPower.password,
    });
    const answer = await scene.tokenRequests.introspect(
      scene.platform,
      { ...value, token: value.accessToken.value },
      { withClaims: true },
    );
    assert.ok(answer.value.active && answer.value.username === 'max.power' && answer.value.sub === '7');
  });

  describe('introspecting', () => {
    it('keeps the token if it is active', async () => {
      const { id } = await scene.signIn();
      const introspection = await scene.accountTokens.introspect(scene.account(id));
      assert.ok(introspection?.answer.value.active);
      assert.equal(introspection.token.value, valueOf(id));
      assert.equal(introspection.expiresAt, scene.clock.now() + 24 * hour);
      assert.equal(state(id), 'good');
    });

    it('stores the end if it is unknown, corrected by the skew of the server’s clock', async () => {
      scene.sandbox.instance('demo').clockSkewSeconds = 600;
      const { id } = await scene.signIn({ knowsExpiry: false });
      assert.equal(scene.account(id).session?.accessToken?.expiresAt, undefined);
      await scene.accountTokens.introspect(scene.account(id));
      const learned = scene.account(id).session?.accessToken?.expiresAt ?? 0;
      assert.ok(Math.abs(learned - (scene.clock.now() + 24 * hour)) <= 1_000);
    });

    it('does not change a known end', async () => {
      const { id } = await scene.signIn();
      const expiresAt = scene.account(id).session?.accessToken?.expiresAt;
      scene.sandbox.instance('demo').clockSkewSeconds = 1;
      await scene.accountTokens.introspect(scene.account(id));
      assert.equal(scene.account(id).session?.accessToken?.expiresAt, expiresAt);
    });

    it('keeps the token without an end if the server sends none', async () => {
      scene.sandbox.instance('demo').introspection.exp = false;
      const { id } = await scene.signIn({ knowsExpiry: false });
      assert.equal((await scene.accountTokens.introspect(scene.account(id)))?.expiresAt, undefined);
      assert.equal(state(id), 'good');
    });

    for (const plainTextErrors of [false, true]) {
      it(`ends the session if the token is inactive, reported as ${plainTextErrors ? 'plain text' : 'JSON'}`, async () => {
        scene.sandbox.instance('demo').plainTextErrors = plainTextErrors;
        const { id } = await scene.signIn();
        scene.sandbox.revoke(valueOf(id));
        assert.equal((await scene.check.run(scene.account(id))).introspection?.answer.value.active, false);
        assert.equal(state(id), 'revoked');
      });
    }

    it('reports an expired token as expired, not as revoked', async () => {
      const { id } = await scene.signIn();
      scene.clock.advance(25 * hour);
      assert.equal((await scene.check.run(scene.account(id))).introspection?.answer.value.active, false);
      assert.equal(state(id), 'expired');
    });

    it('does not end a session to which the user signed in again meanwhile', async () => {
      const before = await scene.signIn();
      scene.sandbox.revoke(valueOf(before.id));
      await scene.signIn();
      await scene.check.run(before);
      assert.equal(state(before.id), 'good');
    });

    const troubles: readonly [string, Fault][] = [
      ['503', { kind: 'status', status: 503 }],
      ['429', { kind: 'status', status: 429, retryAfterSeconds: 60 }],
      ['403', { kind: 'status', status: 403 }],
      ['404', { kind: 'status', status: 404 }],
      ['a captive portal', { kind: 'html', status: 200 }],
      ['a gateway error', { kind: 'html' }],
      ['a proxy that requires authentication', { kind: 'html', status: 407 }],
      ['a redirect', { kind: 'redirect', location: 'https://login.example/' }],
      ['a cut connection', { kind: 'reset' }],
      ['a truncated answer', { kind: 'truncated' }],
      ['no answer', { kind: 'hang' }],
      ['an invalid answer', { kind: 'json', body: { active: 'no' } }],
      ['an empty object', { kind: 'json', body: {} }],
    ];
    for (const [what, fault] of troubles) {
      it(`keeps the token after ${what}`, async () => {
        const { id } = await scene.signIn();
        const before = scene.account(id);
        scene.sandbox.fault('/introspect', fault);
        await assert.rejects(scene.clock.run(scene.accountTokens.introspect(before)));
        assert.deepEqual(scene.account(id), before);
        assert.equal(scene.reachability.isReachable(scene.platform), ['404', '429'].includes(what));
      });
    }

    it('sends nothing if there is no token', async () => {
      const { id } = await scene.signIn();
      await scene.store.signOut(id);
      assert.equal(await scene.accountTokens.introspect(scene.account(id)), undefined);
      await scene.accountTokens.revoke(id);
      assert.deepEqual(scene.sandbox.requests, []);
    });
  });

  describe('revoking', () => {
    it('ends the session after introspection says that the token is inactive', async () => {
      const { id } = await scene.signIn();
      await scene.accountTokens.revoke(id);
      assert.deepEqual(
        scene.sandbox.requests.map(({ path }) => path),
        ['/demo/auth/v1/token/revoke', '/demo/auth/v1/token/introspect'],
      );
      assert.deepEqual([state(id), scene.sandbox.tokens()[0]?.active], ['revoked', false]);
    });

    it('ends the session if the server had ended the token before', async () => {
      const { id } = await scene.signIn();
      scene.sandbox.revoke(valueOf(id));
      await scene.accountTokens.revoke(id);
      assert.equal(state(id), 'revoked');
    });

    const answersWithoutProof: readonly [string, Fault, object][] = [
      ['a web page', { kind: 'html', status: 200 }, MalformedResponseError],
      ['an empty object', { kind: 'json', body: {} }, StillActiveError],
      ['a plain OK', { kind: 'text', body: 'OK' }, StillActiveError],
      ['204', { kind: 'status', status: 204 }, StillActiveError],
      ['a bare 401 that comes twice', { kind: 'status', status: 401 }, StillActiveError],
      ['503', { kind: 'status', status: 503 }, HttpError],
      ['a redirect', { kind: 'redirect', location: 'https://login.example/' }, HttpError],
    ];
    for (const [what, fault, error] of answersWithoutProof) {
      it(`keeps the session if ${what} is the answer`, async () => {
        const { id } = await scene.signIn();
        scene.sandbox.fault('/revoke', fault);
        await assert.rejects(scene.accountTokens.revoke(id), error);
        assert.deepEqual([state(id), scene.sandbox.tokens()[0]?.active], ['good', true]);
      });
    }

    it('keeps the session if introspection fails afterwards', async () => {
      const { id } = await scene.signIn();
      scene.sandbox.fault('/introspect', { kind: 'html', status: 200 });
      await assert.rejects(scene.accountTokens.revoke(id), MalformedResponseError);
      assert.equal(state(id), 'good');
      scene.sandbox.clearFaults();
      await scene.accountTokens.revoke(id);
      assert.equal(state(id), 'revoked');
    });

    it('also revokes the token that the session gets meanwhile', async () => {
      const { id } = await scene.signIn();
      let isFirst = true;
      const window = scene.openWindow({
        fetch: async (url, init) => {
          if (isFirst && url.endsWith('/revoke')) {
            isFirst = false;
            await scene.signIn();
          }
          return fetch(url, init);
        },
      });
      await window.accountTokens.revoke(id);
      await scene.store.refresh();
      assert.equal(state(id), 'revoked');
      assert.deepEqual(
        scene.sandbox.tokens().map(({ active }) => active),
        [false, false],
      );
    });
  });
});
