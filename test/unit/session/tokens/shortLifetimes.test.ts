import assert from 'node:assert/strict';
import { refreshTokenOf } from '../../../../src/session/model/grant';
import { RenewalPostponedError } from '../../../../src/session/tokens/renewal';
import { usableToken } from '../../../../src/session/model/session';
import { startScene, type Scene } from '../../../support/scene';

describe('A server with short token lifetimes', () => {
  let scene: Scene;
  let id: string;
  const renewals = (): number =>
    scene.sandbox.exchanges.filter(({ grant_type }) => grant_type === 'refresh_token').length;
  const renewAutomatically = (its: Pick<Scene, 'renewal'> = scene): Promise<unknown> =>
    its.renewal.renew(id, { isAutomatic: true });

  for (const seconds of [1, 0.001, 5, 59]) {
    describe(`of ${seconds} s`, () => {
      beforeEach(async () => {
        scene = await startScene();
        scene.sandbox.instance('demo').oauth2.accessLifetimeSeconds = seconds;
        id = (await scene.signInByBrowser()).id;
        scene.clock.advance(seconds * 1000 + 1);
      });
      afterEach(() => scene.end());

      it('gets one renewal a minute from all automatic callers of all windows together', async () => {
        await renewAutomatically();
        const other = scene.openWindow();
        await other.store.refresh();
        for (let passed = 0; passed + 1_000 < 60_000; passed += 1_000) {
          scene.clock.advance(1_000);
          await Promise.all([scene, other].map((window) => renewAutomatically(window).catch(() => undefined)));
        }
        assert.equal(renewals(), 1);
        scene.clock.advance(2_000);
        await renewAutomatically();
        assert.equal(renewals(), 2);
      });

      it('gets postponed automatic renewals, which end no session, and no token is handed out meanwhile', async () => {
        await renewAutomatically();
        scene.clock.advance(seconds * 1000 + 1);
        const left = 60_000 - (seconds * 1000 + 1);
        await assert.rejects(
          renewAutomatically(),
          (error) => error instanceof RenewalPostponedError && error.waitMs > 0 && error.waitMs <= Math.ceil(left) + 1,
        );
        assert.equal(usableToken(scene.account(id), scene.clock.now()), undefined);
        assert.ok(refreshTokenOf(scene.account(id).session));
      });

      it('is reported once for the account', async () => {
        let count = 0;
        scene.shortLifetimes.onDidChange(() => count++);
        await renewAutomatically();
        scene.clock.advance(seconds * 1000 + 1);
        for (let tries = 0; tries < 3; tries++) await renewAutomatically().catch(() => undefined);
        assert.deepEqual([count, scene.shortLifetimes.ids], [1, [id]]);
      });

      it('gets a renewal at once if the user asks for it', async () => {
        await renewAutomatically();
        scene.clock.advance(seconds * 1000 + 1);
        await scene.renewal.renew(id);
        assert.equal(renewals(), 2);
      });
    });
  }

  it('gets a renewal at once for the user if an automatic renewal is postponed at the same time', async () => {
    scene = await startScene();
    try {
      scene.sandbox.instance('demo').oauth2.accessLifetimeSeconds = 1;
      id = (await scene.signInByBrowser()).id;
      scene.clock.advance(2_000);
      await renewAutomatically();
      scene.clock.advance(2_000);
      const [automatic, asked] = await Promise.allSettled([renewAutomatically(), scene.renewal.renew(id)]);
      assert.deepEqual([automatic.status, asked.status], ['rejected', 'fulfilled']);
      assert.equal(renewals(), 2);
    } finally {
      await scene.end();
    }
  });

  for (const [what, fault] of [
    ['rejects', { kind: 'json', status: 400, body: { error: 'invalid_request' } }],
    ['fails at', { kind: 'status', status: 503 }],
    ['is cut off at', { kind: 'reset' }],
  ] as const) {
    it(`that ${what} a renewal is asked once a minute`, async () => {
      scene = await startScene();
      try {
        scene.sandbox.instance('demo').oauth2.accessLifetimeSeconds = 1;
        id = (await scene.signInByBrowser()).id;
        scene.clock.advance(2_000);
        scene.sandbox.fault('/oauth2/v1/token', fault);
        const asked = (): number =>
          scene.sandbox.requests.filter(({ path }) => path.endsWith('/oauth2/v1/token')).length;
        for (let passed = 0; passed < 59_000; passed += 1_000) {
          await assert.rejects(renewAutomatically());
          scene.clock.advance(1_000);
        }
        assert.equal(asked(), 1);
        scene.clock.advance(1_000);
        await assert.rejects(renewAutomatically());
        assert.equal(asked(), 2);
      } finally {
        await scene.end();
      }
    });
  }
});
