import assert from 'node:assert/strict';
import { Revocations } from '../../../../src/session/tokens/revocations';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { hans, maxPower } from '../../../support/sandbox/fixtures';
import type { Fault } from '../../../support/sandbox/sandbox';
import { startScene, type Scene } from '../../../support/scene';
import { pending, tokenSet } from '../../../support/builders';
import { eventually } from '../../../support/clock';

const hour = 3_600_000;
const identity = { userName: 'max.power' };

describe('Revoking a pending token', () => {
  let scene: Scene;

  beforeEach(async () => {
    scene = await startScene();
  });

  afterEach(() => scene.end());

  const signedOut = async (): Promise<string> => {
    const { id } = await scene.signIn();
    await scene.store.signOut(id);
    return id;
  };
  const awaited = () =>
    scene.store.accounts.flatMap(({ pendingRevocations }) => pendingRevocations.map(({ token }) => token));
  const alive = () =>
    scene.sandbox
      .tokens()
      .filter(({ active }) => active)
      .map(({ value }) => value);

  it('revokes it at the server, and removes the pending revocation', async () => {
    const id = await signedOut();
    assert.equal(await scene.revocations.settleAccount(id), true);
    assert.deepEqual([alive(), awaited()], [[], []]);
    assert.deepEqual(scene.secrets.keys(), ['zeyos.accounts']);
  });

  const troubles: readonly [string, Fault][] = [
    ['is down', { kind: 'status', status: 503 }],
    ['never answers', { kind: 'hang' }],
    ['cuts the connection', { kind: 'reset' }],
    ['is busy', { kind: 'status', status: 429 }],
    ['is behind a captive portal', { kind: 'html', status: 200 }],
    ['is behind a failing gateway', { kind: 'html' }],
    ['is redirected to a portal', { kind: 'redirect', location: 'https://login.example/' }],
  ];
  for (const [what, fault] of troubles) {
    it(`keeps it pending while the server ${what}, and revokes it later`, async () => {
      const id = await signedOut();
      const [token] = alive();
      scene.sandbox.fault('/', fault);
      assert.equal(await scene.clock.run(scene.revocations.settleAccount(id)), false);
      await scene.clock.run(scene.revocations.settle());
      assert.deepEqual([alive(), awaited()], [[token], [token]]);
      assert.match(scene.log.text, /still pending/);
      scene.sandbox.clearFaults();
      await scene.revocations.settle();
      assert.deepEqual([alive(), awaited()], [[], []]);
    });
  }

  it('does not revoke a token that the session uses, because a server may issue a token again', async () => {
    const { id, session } = await scene.signIn();
    const { accessToken } = session ?? assert.fail();
    await scene.revocations.discard(scene.platform, identity, {
      api: 'authV1',
      accessToken: accessToken ?? assert.fail(),
    });
    assert.deepEqual([alive(), awaited(), scene.account(id).session], [[accessToken?.value], [], session]);
  });

  it('adopts the discarded token if the legacy login replaced the session’s token by it', async () => {
    const platform = PlatformUrl.parse(scene.sandbox.url('legacy'));
    const login = async () =>
      (await scene.passwordRequests.request(platform, { username: hans.name, password: hans.password })).value;
    const { id } = await scene.store.signIn(platform, { userName: hans.name }, await login());
    const unwanted = await login();
    await scene.revocations.discard(platform, { userName: hans.name }, unwanted);
    assert.equal(scene.account(id).session?.accessToken?.value, unwanted.accessToken.value);
    assert.deepEqual([alive(), awaited()], [[unwanted.accessToken.value], []]);
  });

  it('adopts the discarded legacy token even if the server names the user differently', async () => {
    const platform = PlatformUrl.parse(scene.sandbox.url('legacy'));
    const login = async () =>
      (await scene.passwordRequests.request(platform, { username: hans.name, password: hans.password })).value;
    const { id } = await scene.store.signIn(
      platform,
      { userName: 'Hans Alt', sub: hans.sub },
      { ...(await login()), login: hans.name },
    );
    const unwanted = await login();
    await scene.revocations.discard(platform, { userName: hans.name }, unwanted);
    assert.equal(scene.account(id).session?.accessToken?.value, unwanted.accessToken.value);
    assert.deepEqual([alive(), awaited()], [[unwanted.accessToken.value], []]);
  });

  it('repeats with growing intervals, which other attempts do not change', async () => {
    const revocations = new Revocations({ ...scene, clock: scene.clock });
    const id = await signedOut();
    scene.sandbox.fault('/', { kind: 'status', status: 503 });
    await revocations.settleAccount(id);
    const seen: (number | undefined)[] = [];
    for (let tries = 0; tries < 4; tries++) {
      for (let focus = 0; focus < 5; focus++) await revocations.settle();
      const [due = NaN] = scene.clock.due;
      seen.push((due - scene.clock.now()) / 60_000);
      scene.clock.advanceTo(due);
      await eventually(() => scene.clock.due.length > 0);
    }
    assert.deepEqual(seen, [1, 2, 4, 8]);
    revocations.dispose();
  });

  it('revokes a token that has just expired, because the server’s clock may be a little late', async () => {
    const { id, session } = await scene.signIn();
    const { expiresAt = NaN } = session?.accessToken ?? assert.fail();
    await scene.store.update(id, (secret) => ({
      pendingRevocations: [pending(secret.session?.accessToken?.value ?? '', expiresAt - 10_000)],
    }));
    scene.clock.advance(24 * hour - 5_000);
    assert.equal(alive().length, 1);
    await scene.revocations.settle();
    assert.deepEqual([alive(), awaited()], [[], []]);
  });

  it('drops a token without a request if it has certainly expired', async () => {
    await signedOut();
    scene.clock.advance(24 * hour + 60_000);
    await scene.revocations.settle();
    assert.deepEqual([awaited(), scene.sandbox.requests], [[], []]);
  });

  it('removes the pending revocation if the server has ended the token before', async () => {
    await signedOut();
    scene.sandbox.revokeAll();
    await scene.revocations.settle();
    assert.deepEqual(awaited(), []);
  });

  it('goes on with other tokens if one fails', async () => {
    const { id } = await scene.signIn();
    await scene.signIn();
    await scene.signIn();
    scene.sandbox.fault('/revoke', { kind: 'reset' }, 1);
    assert.equal(await scene.revocations.settleAccount(id), false);
    assert.equal(awaited().length, 1);
    assert.equal(await scene.revocations.settleAccount(id), true);
    assert.equal(alive()[0], scene.account(id).session?.accessToken?.value);
  });

  it('does nothing for an unknown account', async () => {
    assert.equal(await scene.revocations.settleAccount('nobody'), true);
    await scene.revocations.settle();
    assert.deepEqual(scene.sandbox.requests, []);
  });

  describe('that was never stored', () => {
    const issue = async (): Promise<string> => {
      const { value } = await scene.passwordRequests.request(scene.platform, {
        username: maxPower.name,
        password: maxPower.password,
      });
      return value.accessToken.value;
    };

    it('revokes it at once, and leaves no trace', async () => {
      await scene.revocations.discard(scene.platform, identity, tokenSet(await issue()));
      assert.deepEqual([alive(), scene.store.accounts, scene.secrets.keys()], [[], [], []]);
    });

    it('remembers it while the server cannot be reached, also for the next window', async () => {
      const token = await issue();
      scene.sandbox.fault('/revoke', { kind: 'html', status: 200 });
      await scene.revocations.discard(scene.platform, identity, tokenSet(token));
      assert.deepEqual([alive(), awaited()], [[token], [token]]);
      assert.deepEqual(
        scene.store.accounts.map(({ session, signedIn }) => [session, signedIn]),
        [[undefined, false]],
      );
      scene.sandbox.clearFaults();
      await scene.store.refresh();
      await scene.revocations.settle();
      assert.deepEqual([alive(), awaited()], [[], []]);
    });

    it('logs an error if it can neither be revoked nor remembered', async () => {
      const token = await issue();
      scene.sandbox.fault('/revoke', { kind: 'reset' });
      await scene.secrets.store('zeyos.accounts', '{"version":99}');
      await scene.revocations.discard(scene.platform, identity, tokenSet(token));
      assert.match(scene.log.text, /error: a token of .* could neither be revoked nor remembered/);
      assert.ok(!scene.log.text.includes(token));
    });
  });
});
