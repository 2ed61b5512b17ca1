import assert from 'node:assert/strict';
import { agentEnvironment } from '../../../../src/handover/agents/environment';
import type { AgentAccess } from '../../../../src/handover/agents/consents';
import { offerState, type OfferInput, type Program } from '../../../../src/handover/agents/offer';
import { Offers, type HandOut } from '../../../../src/handover/agents/offers';
import type { Instance } from '../../../../src/session/model/instance';
import type { StoredAccount } from '../../../../src/session/model/session';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { accessToken, platform, session, storedAccount } from '../../../support/builders';
import { startScene, type Scene } from '../../../support/scene';

const HOUR_MS = 3_600_000;
const instance: Instance = { platform, name: 'demo', redirectPort: 9005 };
const good = storedAccount({ session: session(accessToken('a', { expiresAt: HOUR_MS })) });

describe('The account that agents are offered', () => {
  const input: OfferInput = {
    isEnabled: true,
    isSupported: true,
    isTrusted: true,
    instance,
    account: good,
    program: { path: '/usr/bin/zeyos-mcp' },
    now: 0,
  };

  it('is the active account', () => {
    assert.deepEqual(offerState(input), { offer: { instance, account: good, program: '/usr/bin/zeyos-mcp' } });
  });

  const table: readonly (readonly [string, Partial<OfferInput>, string])[] = [
    ['the setting is off', { isEnabled: false }, 'off'],
    ['the editor has no API for it', { isSupported: false }, 'unsupported'],
    ['the workspace is not trusted', { isTrusted: false }, 'untrusted'],
    ['no instance is configured', { instance: undefined }, 'noInstance'],
    ['the program is not installed', { program: { problem: 'missing' } }, 'missing'],
    ['the path of the program is relative', { program: { problem: 'relative' } }, 'relative'],
    ['no account is known', { account: undefined }, 'signedOut'],
    ['the user is signed out', { account: storedAccount() }, 'signedOut'],
    ['the session has expired', { now: HOUR_MS }, 'ended'],
    ['the server revoked the session', { account: storedAccount({ session: session(undefined) }) }, 'ended'],
    ['the credentials are lost', { account: storedAccount({ lost: true }) }, 'ended'],
  ];
  for (const [what, change, reason] of table) {
    it(`is nothing if ${what}`, () => assert.deepEqual(offerState({ ...input, ...change }), { reason }));
  }
});

describe('The environment of zeyos-mcp', () => {
  it('allows writing only if the user does, for any environment of the editor', () => {
    assert.equal(agentEnvironment(platform, 'token', 'read')['ZEYOS_MCP_ALLOW_WRITES'], null);
    assert.equal(agentEnvironment(platform, 'token', 'write')['ZEYOS_MCP_ALLOW_WRITES'], '1');
  });

  it('contains the token and its URL, keeps the program from renewing, and removes variables that would name another account', () => {
    assert.deepEqual(agentEnvironment(platform, 'token', 'read'), {
      ZEYOS_BASE_URL: platform.href,
      ZEYOS_TOKEN: 'token',
      ZEYOS_NO_REFRESH: '1',
      ZEYOS_CREDENTIALS_READONLY: '1',
      ZEYOS_MCP_ALLOW_WRITES: null,
      ZEYOS_REFRESH_TOKEN: null,
      ZEYOS_CLIENT_ID: null,
      ZEYOS_CLIENT_SECRET: null,
      ZEYOS_PROFILE: null,
      ZEYOS_INSTANCE: null,
      ZEYSDK_SERVER: null,
      ZEYSDK_TOKEN: null,
    });
  });
});

describe('The offer to agents', () => {
  let scene: Scene;
  let offers: Offers;
  let account: StoredAccount;
  let ends: string[];
  let changes: number;
  let program: Program;
  let isEnabled: boolean;

  beforeEach(async () => {
    scene = await startScene();
    account = await scene.signIn();
    ends = [];
    changes = 0;
    program = { path: '/usr/bin/zeyos-mcp' };
    isEnabled = true;
    offers = new Offers({
      ...scene,
      settings: {
        isEnabled: () => isEnabled,
        isSupported: () => true,
        isTrusted: () => true,
        findProgram: () => Promise.resolve(program),
      },
      onDidEnd: ({ account: { account: lost } }: HandOut, state) =>
        ends.push(`${lost.userName}: ${'reason' in state ? state.reason : state.offer.account.account.userName}`),
    });
    await offers.refresh();
    offers.onDidChange(() => changes++);
  });
  afterEach(async () => {
    offers.dispose();
    await scene.end();
  });

  /** A server is started, after the user allowed it. */
  async function start(access: AgentAccess = 'read'): Promise<string> {
    await scene.agentConsents.give(account, access);
    offers.noteHandOut({ account: scene.account(account.id), access });
    return offers.version;
  }

  it('does not change when an MCP server is started', async () => {
    const version = offers.version;
    assert.equal(await start(), version);
    assert.equal(changes, 0);
  });

  it('gets a new version when the token of a running server is replaced', async () => {
    const version = await start();
    await scene.signIn();
    assert.notEqual(offers.version, version);
    assert.deepEqual([changes, ends], [1, []]);
  });

  it('keeps its version when a token is replaced that no server has', async () => {
    const { version } = offers;
    await scene.signIn();
    assert.deepEqual([offers.version, changes], [version, 0]);
  });

  it('gets one new version for several tokens if no server is started meanwhile', async () => {
    const version = await start();
    await scene.signIn();
    await scene.signIn();
    assert.deepEqual([Number(offers.version), changes], [Number(version) + 1, 1]);
  });

  it('gets a new version when the consent is withdrawn', async () => {
    const version = await start('write');
    await scene.agentConsents.withdraw(account);
    assert.notEqual(offers.version, version);
    assert.deepEqual([changes, ends], [1, []]);
  });

  it('ends at sign-out, and the user is told why', async () => {
    await start();
    await scene.store.signOut(account.id);
    assert.equal(offers.offer, undefined);
    assert.deepEqual(ends, ['max.power: signedOut']);
  });

  it('ends when the session has expired, and the user is told why', async () => {
    await start();
    scene.clock.advance(25 * HOUR_MS);
    offers.update();
    assert.deepEqual([offers.offer, ends], [undefined, ['max.power: ended']]);
  });

  it('ends when the instance is removed from the settings', async () => {
    await start();
    scene.configure([]);
    assert.deepEqual([offers.offer, ends], [undefined, ['max.power: noInstance']]);
  });

  it('ends when the program has been removed', async () => {
    await start();
    program = { problem: 'missing' };
    await offers.refresh();
    assert.deepEqual(ends, ['max.power: missing']);
  });

  it('ends when another account becomes active, and the user is told which account', async () => {
    await start();
    const other = await scene.store.signIn(
      PlatformUrl.parse(scene.platform.href),
      { userName: 'anna' },
      { api: 'authV1', accessToken: { value: 'b', issuedAt: scene.clock.now() } },
    );
    await scene.instances.activate(scene.instances.active ?? assert.fail(), other.id);
    assert.deepEqual(ends, ['max.power: anna']);
    assert.equal(offers.offer?.account.account.userName, 'anna');
  });

  it('ends without a notification if no MCP server was started with the account', async () => {
    await scene.store.signOut(account.id);
    assert.deepEqual(ends, []);
  });

  it('ends when the setting is turned off', async () => {
    await start();
    isEnabled = false;
    await offers.refresh();
    assert.deepEqual([offers.state, ends], [{ reason: 'off' }, ['max.power: off']]);
  });
});
