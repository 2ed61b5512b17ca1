import assert from 'node:assert/strict';
import { refreshTokenOf } from '../../../../src/session/model/grant';
import { diffSessions, publishedSessions } from '../../../../src/session/model/published';
import type { Session, StoredAccount, TokenSet } from '../../../../src/session/model/session';
import { ended, exchangeStarted } from '../../../../src/session/model/transitions';
import { authorizationRequest } from '../../../../src/zeyos/oauth2';
import { parseRedirect } from '../../../../src/zeyos/redirect';
import { logInAt } from '../../../support/browserLogin';
import { UnluckySecrets } from '../../../support/memorySecrets';
import { juergen, maxPower, vscodeApplication } from '../../../support/sandbox/fixtures';
import type { TokenSetRules } from '../../../support/sandbox/instances';
import type { SandboxUser } from '../../../support/sandbox/sandbox';
import { startScene, type Scene, type SceneWindow } from '../../../support/scene';

const client = { clientId: vscodeApplication.client_id, clientSecret: vscodeApplication.client_secret };
const me = { userName: maxPower.name, sub: maxPower.sub };
const HOUR_MS = 3_600_000;

const servers: Readonly<Record<string, Partial<TokenSetRules>>> = {
  'several token sets for each user': {},
  'several token sets, without introspecting refresh tokens': { introspectsRefreshTokens: false },
  'one token set for each user': { oneTokenSet: true },
  'one token set, without introspecting refresh tokens': { oneTokenSet: true, introspectsRefreshTokens: false },
  'one token set, which a revocation of the previous one ends': { oneTokenSet: true, revokesReplacement: true },
};

describe('New tokens for an account that has a session of the same application', () => {
  let scene: Scene;
  let before: StoredAccount;

  afterEach(() => scene.end());

  const issue = async (user: SandboxUser = maxPower, window: SceneWindow = scene): Promise<TokenSet> => {
    const request = authorizationRequest(scene.platform, client.clientId, vscodeApplication.redirect_uris[0]);
    const { code } = parseRedirect(await logInAt(request.url, user), request);
    scene.clock.advance(1_000);
    return (await window.tokenRequests.exchangeCode(scene.platform, client, request, code)).value;
  };
  const start = async (rules: Partial<TokenSetRules>): Promise<void> => {
    scene = await startScene();
    Object.assign(scene.sandbox.instance('demo').oauth2, rules);
    const tokens = await issue();
    await scene.clientSecrets.store(scene.platform, client);
    before = await scene.store.signIn(scene.platform, me, { ...tokens, method: 'browser' });
  };
  const session = () => scene.account(before.id).session ?? assert.fail('there is no session');
  const alive = () =>
    scene.sandbox
      .tokens()
      .filter(({ active }) => active)
      .map(({ value }) => value)
      .sort();
  const pendingTokens = () =>
    scene.store.accounts.flatMap(({ pendingRevocations }) => pendingRevocations.map(({ token }) => token));
  const published = (accounts: readonly StoredAccount[]) =>
    publishedSessions(accounts, [{ platform: scene.platform }], scene.clock.now());
  const values = (holder: Partial<Pick<Session, 'accessToken' | 'grant'>>) =>
    [holder.accessToken?.value, refreshTokenOf(holder)?.value].sort();
  const revocations = () =>
    scene.sandbox.requests
      .filter(({ path }) => path.endsWith('/revoke'))
      .map(({ body }) => new URLSearchParams(body).get('token'));

  /** Asserts that the session has these tokens, which are the only valid ones, and that no revocation is pending. */
  const assertLivesOn = (tokens: Pick<Session, 'accessToken' | 'grant'>): void => {
    assert.deepEqual(values(session()), values(tokens));
    assert.deepEqual(alive(), values(tokens), 'other tokens than these are valid');
    assert.deepEqual(pendingTokens(), []);
  };
  /** Asserts that the sign-in is the same as before, with other tokens. */
  const assertChanged = (): void => {
    const { added, removed, changed } = diffSessions(published([before]), published(scene.store.accounts));
    assert.deepEqual([added.length, removed.length, changed.map(({ id }) => id)], [0, 0, [before.id]]);
    assert.deepEqual(
      [scene.account(before.id).account, session().signedInAt, session().method],
      [before.account, before.session?.signedInAt, 'browser'],
    );
  };

  for (const [server, rules] of Object.entries(servers)) {
    describe(`if the server keeps ${server}`, () => {
      beforeEach(() => start(rules));

      it('replace the session’s tokens when the user signs in again', async () => {
        const tokens = await issue();
        await scene.store.signIn(scene.platform, me, tokens);
        assert.equal(await scene.revocations.settleAccount(before.id), true);
        assertLivesOn(tokens);
      });

      it('replace the session’s tokens when they are discarded', async () => {
        const tokens = await issue();
        assert.equal(await scene.revocations.discard(scene.platform, me, tokens), true);
        assertLivesOn(tokens);
        assertChanged();
      });

      it('replace the session’s tokens when they are discarded before their user is known', async () => {
        const tokens = await issue();
        assert.equal(
          await scene.revocations.discard(scene.platform, { userName: 'token-12345678' }, tokens, false),
          true,
        );
        assertLivesOn(tokens);
        assertChanged();
        assert.equal(scene.store.accounts.length, 1);
      });

      for (const isOwnerKnown of [true, false]) {
        it(`replace the session’s tokens later if introspection fails when they are discarded, with the user ${isOwnerKnown ? 'known' : 'unknown'}`, async () => {
          scene.sandbox.fault('/introspect', { kind: 'status', status: 503 });
          const tokens = await issue();
          await scene.revocations.discard(
            scene.platform,
            isOwnerKnown ? me : { userName: 'token-12345678' },
            tokens,
            isOwnerKnown,
          );
          assert.ok(
            values(tokens).every((value) => value !== undefined && alive().includes(value)),
            'they must not be revoked',
          );
          scene.sandbox.clearFaults();
          // In a window that is opened later.
          const next = scene.openWindow();
          await next.store.refresh();
          await next.revocations.settle();
          await next.revocations.settle();
          await scene.store.refresh();
          assertLivesOn(tokens);
          assertChanged();
        });
      }

      for (const operation of [1, 2, 3, 4, 5, 6]) {
        it(`are kept if operation ${operation} of the secret storage fails while they are stored`, async () => {
          const secrets = new UnluckySecrets(scene.secrets);
          const window = scene.openWindow({ through: secrets });
          await window.store.refresh();
          const tokens = await issue();
          secrets.failAt(operation);
          await window.store
            .signIn(scene.platform, me, tokens)
            .catch(() => window.revocations.discard(scene.platform, me, tokens));
          await window.revocations.settle();
          await scene.store.refresh();
          assertLivesOn(tokens);
        });
      }

      it('restore a session that had ended', async () => {
        await scene.store.update(before.id, ended(before.session?.accessToken?.value ?? '', 'revoked'));
        scene.sandbox.revokeAll();
        const tokens = await issue();
        const over = scene.store.accounts;
        assert.equal(await scene.revocations.discard(scene.platform, me, tokens), true);
        assertLivesOn(tokens);
        assert.deepEqual(
          diffSessions(published(over), published(scene.store.accounts)).added.map(({ id }) => id),
          [before.id],
        );
        assert.equal(
          session().signedInAt,
          before.session?.signedInAt,
          'the active account must stay the last one signed in to',
        );
      });

      it('are not replaced by older tokens whose answer comes late', async () => {
        const late = await issue();
        const tokens = await issue();
        await scene.store.signIn(scene.platform, me, tokens);
        await scene.revocations.discard(scene.platform, me, late);
        assert.ok(alive().includes(session().accessToken?.value ?? ''), 'the session must be valid');
        await scene.revocations.settle();
        assert.deepEqual(alive(), values(session()));
        assert.deepEqual(pendingTokens(), []);
      });

      it('become the session’s tokens if two windows sign in at once and the older tokens are stored last', async () => {
        const [older, newer] = [await issue(), await issue()];
        await scene.store.signIn(scene.platform, me, newer);
        await scene.store.signIn(scene.platform, me, older);
        await scene.revocations.settle();
        assert.deepEqual(alive(), values(session()));
        assert.deepEqual(pendingTokens(), []);
      });

      it('survive the revocation of a token that is pending since a sign-out', async () => {
        scene.sandbox.fault('/revoke', { kind: 'reset' });
        await scene.store.signOut(before.id);
        assert.equal(await scene.revocations.settleAccount(before.id), false);
        scene.sandbox.clearFaults();
        const tokens = await issue();
        await scene.store.signIn(scene.platform, me, tokens);
        await scene.revocations.settle();
        assertLivesOn(tokens);
      });

      it('are revoked if the user has signed out meanwhile', async () => {
        await scene.store.signOut(before.id);
        assert.equal(await scene.revocations.discard(scene.platform, me, await issue()), false);
        await scene.revocations.settle();
        assert.deepEqual([alive(), pendingTokens(), scene.account(before.id).session], [[], [], undefined]);
      });

      for (const isOwnerKnown of [true, false]) {
        it(`of another user without a session are revoked, with the user ${isOwnerKnown ? 'known' : 'unknown'}`, async () => {
          const other = await issue(juergen);
          const identity = isOwnerKnown ? { userName: juergen.name, sub: juergen.sub } : { userName: 'token-12345678' };
          assert.equal(await scene.revocations.discard(scene.platform, identity, other, isOwnerKnown), false);
          assert.deepEqual([values(session()), alive()], [values(before.session ?? {}), values(before.session ?? {})]);
          assert.deepEqual([pendingTokens(), scene.store.accounts.length], [[], 1]);
        });
      }

      it('of another user with a session replace only that user’s tokens', async () => {
        const theirs = await issue(juergen);
        const account = await scene.store.signIn(scene.platform, { userName: juergen.name, sub: juergen.sub }, theirs);
        const tokens = await issue(juergen);
        await scene.revocations.discard(scene.platform, { userName: 'token-12345678' }, tokens, false);
        assert.deepEqual(
          [values(session()), values(scene.account(account.id).session ?? {})],
          [values(before.session ?? {}), values(tokens)],
        );
        assert.deepEqual(alive(), [...values(before.session ?? {}), ...values(tokens)].sort());
        assert.deepEqual(pendingTokens(), []);
      });
    });
  }

  describe('after they are stored', () => {
    beforeEach(() => start({}));

    const signInAgain = async (): Promise<TokenSet> => {
      const tokens = await issue();
      await scene.store.signIn(scene.platform, me, tokens);
      scene.sandbox.clearRequests();
      return tokens;
    };

    it('are introspected before the replaced tokens are revoked', async () => {
      const tokens = await signInAgain();
      await scene.revocations.settleAccount(before.id);
      const asked = scene.sandbox.requests.map(({ path, body }) => [
        path.slice('/demo/oauth2/v1/'.length),
        new URLSearchParams(body).get('token'),
      ]);
      assert.deepEqual(asked, [
        ['introspect', tokens.accessToken.value],
        ['introspect', before.session?.accessToken?.value],
        ['revoke', refreshTokenOf(before.session)?.value],
      ]);
    });

    it('drop the replaced tokens without a revocation if neither the new nor the replaced tokens are active', async () => {
      await signInAgain();
      scene.sandbox.fault('/introspect', { kind: 'json', body: { active: false } });
      assert.equal(await scene.revocations.settleAccount(before.id), true);
      assert.deepEqual([revocations(), pendingTokens()], [[], []]);
    });

    for (const [what, where] of [
      ['is down', '/introspect'],
      ['does not answer as ZeyOS does', '/oauth2/v1/'],
    ] as const) {
      it(`keep the replaced tokens pending while the server ${what}`, async () => {
        const tokens = await signInAgain();
        scene.sandbox.fault(where, { kind: 'html', status: 200 });
        assert.equal(await scene.revocations.settleAccount(before.id), false);
        assert.deepEqual([revocations(), pendingTokens()], [[], [refreshTokenOf(before.session)?.value]]);
        scene.sandbox.clearFaults();
        await scene.revocations.settle();
        assertLivesOn(tokens);
      });
    }

    it('keep the replaced tokens pending during a renewal that may have ended the new tokens', async () => {
      const { grant: refreshToken, accessToken } = await signInAgain();
      await scene.store.update(before.id, exchangeStarted(refreshToken?.value ?? '', scene.clock.now()));
      for (const value of [accessToken.value, refreshToken?.value ?? '']) scene.sandbox.revoke(value);
      assert.equal(await scene.revocations.settleAccount(before.id), false);
      assert.deepEqual([revocations(), pendingTokens()], [[], [refreshTokenOf(before.session)?.value]]);
    });

    it('revoke the replaced tokens by the refresh token after the access token has expired', async () => {
      const tokens = await signInAgain();
      scene.clock.advance(2 * HOUR_MS);
      assert.equal(await scene.revocations.settleAccount(before.id), true);
      assert.deepEqual([values(session()), revocations()], [values(tokens), [refreshTokenOf(before.session)?.value]]);
    });

    it('are replaced by the old tokens if the server has ended the new tokens and the old tokens are valid', async () => {
      const tokens = await signInAgain();
      for (const value of values(tokens)) scene.sandbox.revoke(value ?? '');
      assert.equal(await scene.revocations.settleAccount(before.id), true);
      assertLivesOn(before.session?.accessToken ? before.session : assert.fail());
    });

    it('revoke the replaced tokens if the new tokens have ended and the server does not tell whether the replaced refresh token has ended', async () => {
      scene.sandbox.instance('demo').oauth2.introspectsRefreshTokens = false;
      scene.clock.advance(HOUR_MS - 60_000);
      const tokens = await signInAgain();
      for (const value of values(tokens)) scene.sandbox.revoke(value ?? '');
      scene.clock.advance(120_000);
      assert.equal(await scene.revocations.settleAccount(before.id), true);
      assert.deepEqual([revocations(), alive()], [[refreshTokenOf(before.session)?.value], []]);
    });

    it('do not come back after the user has revoked the session', async () => {
      await signInAgain();
      await scene.accountTokens.revoke(before.id);
      await scene.revocations.settle();
      assert.deepEqual(
        [session().ended, session().accessToken, alive(), pendingTokens()],
        ['revoked', undefined, [], []],
      );
    });

    it('leave no replaced token in the storage', async () => {
      await signInAgain();
      await scene.revocations.settleAccount(before.id);
      assert.ok(
        ![before.session?.accessToken?.value, refreshTokenOf(before.session)?.value].some((value) =>
          scene.secrets.text.includes(value ?? ''),
        ),
      );
    });

    it('of another application revoke the replaced tokens without an introspection', async () => {
      const tokens: TokenSet = {
        api: 'authV1',
        accessToken: (
          await scene.passwordRequests.request(scene.platform, { username: maxPower.name, password: maxPower.password })
        ).value.accessToken,
      };
      await scene.store.signIn(scene.platform, me, tokens);
      scene.sandbox.clearRequests();
      assert.equal(await scene.revocations.settleAccount(before.id), true);
      assert.deepEqual(
        scene.sandbox.requests.map(({ path }) => path),
        ['/demo/oauth2/v1/revoke'],
      );
      assert.deepEqual(alive(), [tokens.accessToken.value]);
    });
  });
});
