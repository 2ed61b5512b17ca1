import assert from 'node:assert/strict';
import { Revocations } from '../../../../src/session/tokens/revocations';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { hans, maxPower } from '../../../support/sandbox/fixtures';
import type { Fault } from '../../../support/sandbox/sandbox';
import { startScene, type Scene, type SceneWindow } from '../../../support/scene';
import { OAuth2Client } from '../../../support/sandbox/oauth2Client';
import type { StoredAccount, TokenSet } from '../../../../src/session/model/session';
import { adopted } from '../../../../src/session/model/transitions';
import { oauth2TokenSet, pending, tokenSet } from '../../../support/builders';
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
    ['redirects to a portal', { kind: 'redirect', location: 'https://login.example/' }],
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

  it('continues with the other tokens if the revocation of one token fails', async () => {
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

  describe('of an application, after hints of another window were lost', () => {
    let other: SceneWindow;

    beforeEach(async () => {
      other = scene.openWindow();
      await other.store.refresh();
      await scene.signInByBrowser();
    });

    /** Gets tokens of the application that no session has. */
    const issueSet = async (): Promise<TokenSet> => {
      const { access_token, refresh_token } = await new OAuth2Client(scene.sandbox).issued();
      scene.clock.advance(1_000);
      return oauth2TokenSet(access_token, refresh_token, { issuedAt: scene.clock.now() });
    };
    /** Keeps tokens whose user is not known as a pending revocation. Resolves to the account that has it. */
    const setAside = async (tokens: TokenSet): Promise<string> => {
      const { id } = await scene.store.setAside(scene.platform, { userName: 'token-12345678' }, tokens);
      await other.store.refresh();
      scene.secrets.losesHints = true;
      scene.secrets.operations.length = 0;
      scene.sandbox.clearRequests();
      return id;
    };
    const owner = (): StoredAccount =>
      scene.store.accounts.find(({ account }) => account.userName === maxPower.name) ?? assert.fail();
    const recordsRead = (): readonly string[] =>
      scene.secrets.operations.filter((operation) => operation.startsWith('get zeyos.account.'));

    it('keeps tokens that the session of another account got meanwhile, and sends nothing', async () => {
      const tokens = await issueSet();
      const id = await setAside(tokens);
      await other.store.update(owner().id, adopted(tokens));
      assert.notEqual(owner().session?.accessToken?.value, tokens.accessToken.value);
      assert.equal(await scene.revocations.settleAccount(id), true);
      assert.deepEqual([scene.account(id).pendingRevocations, scene.sandbox.requests], [[], []]);
      assert.equal(owner().session?.accessToken?.value, tokens.accessToken.value);
      assert.ok(alive().includes(tokens.accessToken.value));
    });

    it('keeps tokens of an account that had no session of the application when the window read it', async () => {
      await scene.signIn();
      assert.equal(owner().session?.clientId, undefined);
      const tokens = await issueSet();
      const id = await setAside(tokens);
      await other.store.signIn(scene.platform, identity, tokens);
      assert.equal(owner().session?.clientId, undefined);
      assert.equal(await scene.revocations.settleAccount(id), true);
      assert.deepEqual([scene.account(id).pendingRevocations, scene.sandbox.requests], [[], []]);
      assert.ok(alive().includes(tokens.accessToken.value));
    });

    it('revokes tokens that no account has, after it has read all accounts of the application', async () => {
      const tokens = await issueSet();
      const { id } = await scene.store.signIn(scene.platform, { userName: 'anna' }, tokens);
      await scene.store.signOut(id);
      scene.secrets.losesHints = true;
      scene.secrets.operations.length = 0;
      assert.equal(await scene.revocations.settleAccount(id), true);
      assert.ok(recordsRead().includes(`get zeyos.account.${owner().id}`));
      assert.ok(!alive().includes(tokens.accessToken.value));
    });

    it('reads no other account if the session replaced the tokens, and no other account uses the application', async () => {
      await scene.signIn();
      const tokens = await issueSet();
      const { id } = await scene.store.signIn(scene.platform, { userName: 'anna' }, tokens);
      await scene.store.signIn(scene.platform, { userName: 'anna' }, await issueSet());
      scene.secrets.losesHints = true;
      scene.secrets.operations.length = 0;
      assert.equal(await scene.revocations.settleAccount(id), true);
      assert.deepEqual([...new Set(recordsRead())], [`get zeyos.account.${id}`]);
      assert.ok(!alive().includes(tokens.accessToken.value));
    });
  });
});
