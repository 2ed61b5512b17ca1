import assert from 'node:assert/strict';
import { needsSecret, SignInRequiredError } from '../../../../src/session/tokens/renewal';
import { sessionState, usableToken } from '../../../../src/session/model/session';
import { maxPower, vscodeApplication } from '../../../support/sandbox/fixtures';
import type { Fault } from '../../../support/sandbox/sandbox';
import { startScene, type Scene } from '../../../support/scene';

const hour = 3_600_000;
const day = 24 * hour;

describe('Introspecting a session', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await startScene();
  });

  afterEach(() => scene.end());

  const run = (id: string) => scene.check.run(scene.account(id));
  const state = (id: string) => sessionState(scene.account(id), scene.clock.now());
  const token = (id: string): string =>
    scene.account(id).session?.accessToken?.value ?? assert.fail('there is no access token');
  const exchanges = () => scene.sandbox.exchanges.filter(({ grant_type }) => grant_type === 'refresh_token').length;

  it('reports a valid session as good', async () => {
    for (const { id } of [await scene.signInByBrowser(), await scene.signIn()]) {
      const { isGood, introspection } = await run(id);
      assert.ok(isGood && introspection?.answer.value.active && introspection.answer.value.username === 'max.power');
      assert.equal(introspection.token.value, token(id));
    }
    assert.equal(exchanges(), 0);
  });

  it('renews the session if only its access token was revoked', async () => {
    const { id } = await scene.signInByBrowser();
    const before = token(id);
    scene.sandbox.revoke(before);
    const { isGood, introspection } = await run(id);
    assert.deepEqual([isGood, introspection?.answer.value.active, exchanges(), state(id)], [true, false, 1, 'good']);
    assert.notEqual(token(id), before);
    assert.deepEqual(await run(id).then((again) => [again.isGood, exchanges()]), [true, 1]);
  });

  it('renews the session if its token has expired', async () => {
    for (const [signIn, after] of [
      [() => scene.signInByBrowser(), hour],
      [() => scene.signIn({ keepsPassword: true }), day],
    ] as const) {
      const { id } = await signIn();
      scene.clock.advance(after);
      assert.deepEqual([(await run(id)).isGood, state(id)], [true, 'good']);
    }
  });

  it('ends the session if all its tokens were revoked', async () => {
    const { id } = await scene.signInByBrowser();
    scene.sandbox.revokeAll();
    assert.deepEqual(
      [(await run(id)).isGood, state(id), scene.account(id).session?.ended],
      [false, 'revoked', 'revoked'],
    );
    assert.deepEqual(await run(id), { isGood: false }, 'there must be no further request');
  });

  it('does not restore a session that the server ended with a saved password', async () => {
    const { id } = await scene.signIn({ keepsPassword: true });
    scene.sandbox.revokeAll();
    assert.deepEqual([(await run(id)).isGood, state(id)], [false, 'revoked']);
    assert.ok(!scene.secrets.text.includes(maxPower.password));
  });

  it('adopts the tokens of another window’s renewal', async () => {
    const { id } = await scene.signInByBrowser();
    const before = scene.account(id);
    await scene.openWindow().renewal.renew(id, { unwanted: token(id) });
    assert.equal((await scene.check.run(before)).isGood, true);
    assert.deepEqual([exchanges(), state(id)], [1, 'good']);
  });

  it('does not end a session to which the user signed in again meanwhile', async () => {
    const before = await scene.signIn();
    scene.sandbox.revokeAll();
    await scene.signIn();
    await scene.check.run(before);
    assert.equal(state(before.id), 'good');
  });

  const troubles: readonly [string, Fault][] = [
    ['503', { kind: 'status', status: 503 }],
    ['a captive portal', { kind: 'html', status: 200 }],
    ['a cut connection', { kind: 'reset' }],
    ['429', { kind: 'status', status: 429 }],
  ];
  for (const [what, fault] of troubles) {
    it(`changes nothing after ${what}`, async () => {
      const { id } = await scene.signInByBrowser();
      const before = scene.account(id);
      scene.sandbox.fault('/', fault);
      await assert.rejects(run(id), (error) => !(error instanceof SignInRequiredError) && !needsSecret(error));
      assert.deepEqual(scene.account(id), before);
    });

    it(`does not end the session if only the renewal fails with ${what}`, async () => {
      const { id } = await scene.signInByBrowser();
      scene.sandbox.revoke(token(id));
      scene.sandbox.fault('/token', fault);
      await assert.rejects(run(id), (error) => !(error instanceof SignInRequiredError) && !needsSecret(error));
      assert.equal(scene.account(id).session?.ended, undefined);
      assert.equal(
        usableToken(scene.account(id), scene.clock.now()),
        undefined,
        'a token that is not active was handed out',
      );
      scene.sandbox.clearFaults();
      assert.deepEqual([(await run(id)).isGood, state(id)], [true, 'good']);
    });
  }

  it('does not end the session if the client secret is rejected', async () => {
    const { id } = await scene.signInByBrowser();
    await scene.clientSecrets.store(scene.platform, { clientId: 'vscode', clientSecret: 'outdated' });
    assert.equal((await run(id)).isGood, true, 'the token itself must work');
    scene.sandbox.revoke(token(id));
    await assert.rejects(run(id), needsSecret);
    assert.equal(
      scene.rejectedClientSecrets.has(scene.account(id)),
      true,
      'the user must be told that the secret is needed',
    );
    assert.equal(scene.account(id).session?.ended, undefined);
    assert.equal(
      usableToken(scene.account(id), scene.clock.now()),
      undefined,
      'a token that is not active was handed out',
    );
    await scene.clientSecrets.store(scene.platform, {
      clientId: vscodeApplication.client_id,
      clientSecret: vscodeApplication.client_secret,
    });
    assert.equal((await run(id)).isGood, true, 'the session must go on with the secret');
    assert.equal(scene.rejectedClientSecrets.has(scene.account(id)), false);
  });
});
