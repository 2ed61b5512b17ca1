import assert from 'node:assert/strict';
import { refreshTokenOf, savedPassword, savedPasswordOf } from '../../src/session/model/grant';
import fc from 'fast-check';
import { needsSecret, SignInRequiredError } from '../../src/session/tokens/renewal';
import { isRenewable, sessionState, usableToken } from '../../src/session/model/session';
import { passwordForgotten } from '../../src/session/model/transitions';
import type { Fetch } from '../../src/zeyos/transport/http';
import { authorizationRequest } from '../../src/zeyos/oauth2';
import { parseRedirect } from '../../src/zeyos/redirect';
import { logInAt } from '../support/browserLogin';
import { fuzzRuns } from '../support/fuzzRuns';
import { UnluckySecrets } from '../support/memorySecrets';
import { maxPower, vscodeApplication } from '../support/sandbox/fixtures';
import type { TokenSetRules } from '../support/sandbox/instances';
import type { Fault } from '../support/sandbox/sandbox';
import { Leases, startScene, type Scene, type SceneWindow } from '../support/scene';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A lease is taken over after this time at the earliest. */
const STALE_MS = 30_000;
/** Requests that issue tokens. */
const TOKEN_REQUEST = /^POST \/demo\/(oauth2|auth)\/v1\/token$/;
const client = { clientId: vscodeApplication.client_id, clientSecret: vscodeApplication.client_secret };

interface Causes {
  revoked: boolean;
  /** An answer was lost, or a window crashed. */
  lost: boolean;
  /** The result of an exchange is unknown, or was not written. */
  unclear: boolean;
}

/** A window that slept during a renewal, whose lease another window may have taken over. */
interface Sleeper {
  readonly wake: () => void;
  /** Resolves to the error of the renewal, if it failed. */
  readonly done: Promise<Error | undefined>;
  readonly signIns: number;
}

type SignInMethod = 'browser' | 'password' | 'password, kept';

class World {
  readonly causes: Causes = { revoked: false, lost: false, unclear: false };
  isSignedIn = true;
  /** Whether the password of the session is to be saved and was not deleted since. */
  keepsPassword = false;
  /** Number of sign-ins and sign-outs. */
  signIns = 0;
  readonly sleepers: Sleeper[] = [];
  readonly #windows: readonly SceneWindow[];
  /** Tokens that reached a window that still runs. The windows must not forget them. */
  readonly #receivedTokens = new Set<string>();

  private constructor(
    readonly scene: Scene,
    readonly id: string,
  ) {
    this.#windows = [0, 1, 2].map(() => scene.openWindow({ fetch: this.fetch }));
  }

  static async start(rules: Partial<TokenSetRules>): Promise<World> {
    const scene = await startScene();
    Object.assign(scene.sandbox.instance('demo').oauth2, rules);
    // A write takes time: the numbers of two windows' writes differ.
    scene.secrets.onDidChange(() => scene.clock.advance(1));
    return new World(scene, (await scene.signInByBrowser()).id);
  }

  /**
   * A window recognises its failed write by content and number. Another window never writes the same: at least the
   * lease passes from one to the other in between.
   */
  failedWriteTakesTime(): void {
    this.scene.clock.advance(1);
  }

  readonly fetch: Fetch = async (url, init, platform) => {
    const response = await this.scene.fetch(url, init, platform);
    const body = await response
      .clone()
      .text()
      .catch(() => '');
    for (const [token] of body.matchAll(/\b[0-9a-f]{40}\b/g)) this.#receivedTokens.add(token);
    return response;
  };

  get windows(): readonly SceneWindow[] {
    return this.#windows;
  }

  window(index: number): SceneWindow {
    return this.#windows[index % this.#windows.length] ?? assert.fail();
  }

  /** Renews in a window. Resolves to the error, which must be an expected one. */
  async renew(window: SceneWindow, isAsked: boolean): Promise<Error | undefined> {
    await window.store.refresh();
    const unwanted = isAsked ? window.store.find(this.id)?.session?.accessToken?.value : undefined;
    return window.renewal.renew(this.id, { unwanted }).then(() => undefined, assertMayFail);
  }

  /** Asserts that the user is not asked to sign in while the session can go on. */
  async assertSignInNotDemanded(outcome: Error | undefined, signIns: number): Promise<void> {
    const { scene, id } = this;
    await scene.store.refresh();
    const { session } = scene.account(id);
    const goesOn =
      signIns === this.signIns &&
      session &&
      isRenewable(session, scene.clock.now()) &&
      usableToken(scene.account(id), scene.clock.now());
    assert.ok(!(outcome instanceof SignInRequiredError && goesOn), String(outcome));
  }

  /** Signs in as the extension does: tokens that cannot be stored are revoked. */
  async signIn(window: SceneWindow, way: SignInMethod): Promise<void> {
    this.signIns++;
    const { platform } = this.scene;
    const request = authorizationRequest(platform, client.clientId, vscodeApplication.redirect_uris[0]);
    try {
      const { value } =
        way === 'browser'
          ? await window.tokenRequests.exchangeCode(
              platform,
              client,
              request,
              parseRedirect(await logInAt(request.url, maxPower), request).code,
            )
          : await window.passwordRequests.request(platform, { username: maxPower.name, password: maxPower.password });
      const password = way === 'password, kept' ? savedPassword(maxPower.password) : undefined;
      if (way === 'browser') await this.setSecret(true);
      await window.store
        .signIn(platform, { userName: maxPower.name }, value, password)
        .catch(async (error: unknown) => {
          await window.revocations.discard(platform, { userName: maxPower.name }, value);
          throw error;
        });
      this.isSignedIn = true;
      this.keepsPassword = way === 'password, kept';
      await window.revocations.settleAccount(this.id);
    } catch (error) {
      assertMayFail(error as Error);
    }
  }

  /**
   * Requests tokens through the browser and discards them, as after a cancelled sign-in or a sign-in to the wrong
   * account.
   */
  async signInAndDiscard(window: SceneWindow): Promise<void> {
    const { platform } = this.scene;
    const request = authorizationRequest(platform, client.clientId, vscodeApplication.redirect_uris[0]);
    try {
      const { code } = parseRedirect(await logInAt(request.url, maxPower), request);
      const { value } = await window.tokenRequests.exchangeCode(platform, client, request, code);
      await this.setSecret(true);
      await window.revocations.discard(platform, { userName: maxPower.name }, value);
    } catch (error) {
      assertMayFail(error as Error);
    }
  }

  async forgetPassword(window: SceneWindow): Promise<void> {
    await window.store.update(this.id, passwordForgotten);
    this.keepsPassword = false;
  }

  async signOut(window: SceneWindow): Promise<void> {
    this.signIns++;
    await window.store.signOut(this.id);
    this.isSignedIn = false;
    this.keepsPassword = false;
    await window.revocations.settleAccount(this.id);
  }

  /**
   * Starts a renewal in another window that sleeps before its first request is sent or after its answer arrives. Its
   * lease counts as free meanwhile.
   */
  async fallAsleep(moment: 'before' | 'after'): Promise<void> {
    // The window that takes over finds an exchange with an unknown result.
    this.causes.unclear = true;
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    let hasFallenAsleep = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (hasFallenAsleep = resolve));
    const sleep = (): Promise<void> => (hasFallenAsleep(), woken);
    const sleepingFetch: Fetch = async (url, init, platform) => {
      if (moment === 'before') await sleep();
      const response = await this.fetch(url, init, platform);
      if (moment === 'after') await sleep();
      return response;
    };
    const window = this.scene.openWindow({
      fetch: sleepingFetch,
      leases: new Leases(this.scene.leases, 'renewal.'),
      // A process that sleeps has no timers.
      exchangeMs: Infinity,
    });
    const done = this.renew(window, true);
    const isAsleep = await Promise.race([asleep.then(() => true), done.then(() => false)]);
    if (!isAsleep) return;
    this.sleepers.push({ wake, done, signIns: this.signIns });
    this.scene.clock.advance(STALE_MS);
  }

  /** Wakes the window that has slept longest. Resolves to the error of its renewal, if it failed. */
  async wake(): Promise<Error | undefined> {
    const sleeper = this.sleepers.shift();
    sleeper?.wake();
    return sleeper?.done;
  }

  setSecret(isRight: boolean): Promise<void> {
    return this.scene.clientSecrets.store(this.scene.platform, {
      ...client,
      clientSecret: isRight ? client.clientSecret : 'outdated',
    });
  }

  /** Asserts that every valid token that reached a window is in the session or pending. */
  async assertNoTokenIsForgotten(): Promise<void> {
    // The tokens of a sleeping window are not forgotten yet.
    if (this.sleepers.length > 0) return;
    const { scene } = this;
    await scene.store.refresh();
    const { session, pendingRevocations = [] } = scene.store.find(this.id) ?? {};
    const known = new Set([
      session?.accessToken?.value,
      refreshTokenOf(session)?.value,
      ...pendingRevocations.map(({ token }) => token),
    ]);
    // The revocation of a refresh token ends its access token.
    for (const { access_token, refresh_token } of scene.sandbox.exchanges)
      if (known.has(refresh_token)) known.add(access_token);
    assert.deepEqual(
      scene.sandbox
        .tokens()
        .filter(({ value, active }) => active && this.#receivedTokens.has(value) && !known.has(value)),
      [],
    );
  }

  /**
   * Brings the world to rest: removes faults, corrects the secret, wakes all windows, renews and introspects the
   * session.
   */
  async settle(): Promise<void> {
    const { scene } = this;
    scene.sandbox.clearFaults();
    await this.setSecret(true);
    while (this.sleepers.length > 0) await this.wake();
    for (const window of this.#windows) await this.renew(window, false);
    await scene.store.refresh();
    // Automatic renewals are at least a minute apart.
    scene.clock.advance(60_000);
    await scene.check.run(scene.account(this.id));
    for (const window of this.#windows) await window.store.refresh().then(() => window.revocations.settle());
    await scene.store.refresh();
  }

  /** Asserts that the session is valid, or ended for one of the recorded causes. */
  assertGoodOrExplained(): void {
    const { scene, causes } = this;
    const stored = scene.account(this.id);
    const { session } = stored;
    assert.equal(session !== undefined, this.isSignedIn, 'a renewal signed the user in or out');
    assert.ok(!stored.lost);
    assert.ok(savedPasswordOf(session) === undefined || this.keepsPassword, 'a password came back');
    if (!session) return;
    const now = scene.clock.now();
    const alive = scene.sandbox
      .tokens()
      .filter(({ active }) => active)
      .map(({ value }) => value);
    if (session.ended !== undefined) {
      assert.ok(causes.revoked || causes.lost, `the session ended as ${session.ended} without a cause`);
      assert.ok(
        session.ended === 'revoked' || causes.lost || causes.unclear,
        'the session ended as interrupted without a cause',
      );
      assert.ok(!session.accessToken && !session.grant);
      assert.equal(
        session.ended === 'interrupted',
        session.exchange !== undefined,
        'a session must have an exchange exactly if it was interrupted',
      );
    } else if (sessionState(stored, now) === 'expired') {
      assert.ok(!isRenewable(session, now), 'the session could have been renewed');
      assert.ok(
        (refreshTokenOf(session)?.expiresAt ?? session.accessToken?.expiresAt ?? Infinity) <= now + 60_000,
        'the session ended before its time',
      );
    } else {
      const token = usableToken(stored, now);
      assert.ok(token, 'there must be a token');
      assert.ok(alive.includes(token.value), 'the token must be valid');
      const refreshToken = refreshTokenOf(session);
      assert.ok(!refreshToken || alive.includes(refreshToken.value), 'the refresh token must be valid');
    }
  }
}

function assertMayFail(error: Error): Error {
  const isExpected =
    error instanceof SignInRequiredError ||
    needsSecret(error) ||
    ['HttpError', 'NetworkError', 'TimeoutError', 'RenewalPostponedError', 'MalformedResponseError'].includes(
      error.name,
    ) ||
    error.message === 'the keyring is locked';
  // A sign-in may get this error. A renewal may not.
  assert.ok(isExpected || /^40[013] invalid_grant$/.test(error.message), String(error));
  return error;
}

type Step = (world: World) => Promise<unknown>;

const faults: readonly Fault[] = [
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429 },
  { kind: 'html' },
  { kind: 'html', status: 200 },
  { kind: 'reset' },
  { kind: 'truncated' },
  { kind: 'delay', ms: 2 },
];
const losses: readonly Fault[] = [
  { kind: 'lostAnswer', how: 'reset' },
  { kind: 'lostAnswer', how: 'truncated' },
];

const named = (name: string, step: Step): Step => Object.assign(step, { [fc.toStringMethod]: () => name });
const simply = (name: string, step: (world: World) => unknown): fc.Arbitrary<Step> =>
  fc.constant(named(name, (world) => Promise.resolve(step(world))));
const window = fc.nat(2);
const asked = (isAsked: boolean): string => (isAsked ? ', asked to' : '');

const actions: readonly fc.WeightedArbitrary<Step>[] = [
  {
    weight: 4,
    arbitrary: fc.tuple(window, fc.boolean()).map(([at, isAsked]) =>
      named(`window ${at} renews${asked(isAsked)}`, async (world) => {
        await world.assertSignInNotDemanded(await world.renew(world.window(at), isAsked), world.signIns);
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .boolean()
      .map((isAsked) =>
        named(`all windows renew${asked(isAsked)}`, (world) =>
          Promise.all(world.windows.map((each) => world.renew(each, isAsked))),
        ),
      ),
  },
  {
    weight: 2,
    arbitrary: window.map((at) =>
      named(`window ${at} introspects`, async (world) => {
        await world.window(at).store.refresh();
        await world
          .window(at)
          .check.run(world.window(at).store.find(world.id) ?? assert.fail())
          .catch(assertMayFail);
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(window, fc.constantFrom<SignInMethod>('browser', 'password', 'password, kept'))
      .map(([at, way]) => named(`window ${at} signs in by ${way}`, (world) => world.signIn(world.window(at), way))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(window, window, fc.constantFrom<SignInMethod>('browser', 'password', 'password, kept'))
      .map(([at, other, way]) =>
        named(`window ${at} signs in by ${way} while window ${other} renews`, (world) =>
          Promise.all([world.signIn(world.window(at), way), world.renew(world.window(other), true)]),
        ),
      ),
  },
  {
    weight: 2,
    arbitrary: window.map((at) =>
      named(`window ${at} cancels a sign-in`, (world) => world.signInAndDiscard(world.window(at))),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(window, window)
      .map(([at, other]) =>
        named(`window ${at} cancels a sign-in while window ${other} renews`, (world) =>
          Promise.all([world.signInAndDiscard(world.window(at)), world.renew(world.window(other), true)]),
        ),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(window, window)
      .map(([at, other]) =>
        named(`windows ${at} and ${other} sign in at once`, (world) =>
          Promise.all([world.signIn(world.window(at), 'browser'), world.signIn(world.window(other), 'browser')]),
        ),
      ),
  },
  {
    weight: 1,
    arbitrary: window.map((at) => named(`window ${at} signs out`, (world) => world.signOut(world.window(at)))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(window, window)
      .map(([at, other]) =>
        named(`window ${at} signs out while window ${other} renews`, (world) =>
          Promise.all([world.signOut(world.window(at)), world.renew(world.window(other), true)]),
        ),
      ),
  },
  {
    weight: 1,
    arbitrary: window.map((at) =>
      named(`window ${at} deletes the password`, (world) => world.forgetPassword(world.window(at))),
    ),
  },
];

const events: readonly fc.WeightedArbitrary<Step>[] = [
  {
    weight: 4,
    arbitrary: simply('an hour passes', ({ scene, sleepers, causes }) => {
      scene.clock.advance(HOUR_MS);
      // Two windows sleep with the answers of two token sets, whose access tokens have expired. The server may not tell
      // whether the refresh token of the older set is valid. So the extension revokes it, lest a valid one be left
      // behind, and on such a server that ends the set which the other window still holds.
      causes.lost ||= sleepers.length > 1 && scene.sandbox.instance('demo').oauth2.revokesReplacement;
    }),
  },
  // A window does not sleep so long with a request in flight.
  {
    weight: 2,
    arbitrary: simply('a day passes', ({ scene, sleepers }) => sleepers.length === 0 && scene.clock.advance(DAY_MS)),
  },
  {
    weight: 1,
    arbitrary: simply(
      'half a year passes',
      ({ scene, sleepers }) => sleepers.length === 0 && scene.clock.advance(182 * DAY_MS),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...faults).map((fault) =>
      named(`the next request meets ${JSON.stringify(fault)}`, ({ scene, causes }) => {
        causes.unclear ||= fault.kind !== 'delay' && !(fault.kind === 'status' && fault.status === 429);
        return Promise.resolve(scene.sandbox.fault('/token', fault, 1));
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...losses).map((fault) =>
      named(`an answer is lost: ${JSON.stringify(fault)}`, ({ scene, causes }) => {
        causes.lost = true;
        return Promise.resolve(scene.sandbox.fault(TOKEN_REQUEST, fault, 1));
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: simply('a revocation meets 503', ({ scene }) =>
      scene.sandbox.fault(/\/revoke$/, { kind: 'status', status: 503 }, 1),
    ),
  },
  {
    weight: 1,
    arbitrary: simply('the password is rejected once', ({ scene }) =>
      scene.sandbox.fault(
        /^POST \/demo\/auth\/v1\/token$/,
        { kind: 'json', status: 401, body: { error: 'invalid_grant' } },
        1,
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Fault>({ kind: 'hang' }, { kind: 'lostAnswer', how: 'hang' }).map((fault) =>
      named(`a window waits in vain: ${JSON.stringify(fault)}`, async (world) => {
        world.causes.unclear = true;
        // On a slow machine an answer may come too late.
        world.causes.lost = true;
        const lift = world.scene.sandbox.fault(TOKEN_REQUEST, fault, 1);
        const { clock } = world.scene;
        await clock.run(world.renew(world.scene.openWindow(), true));
        lift();
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .boolean()
      .map((isRight) => named(`the secret is ${isRight ? 'right' : 'outdated'}`, (world) => world.setSecret(isRight))),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 16 }).map((n) =>
      named(`a window crashes at operation ${n}`, async (world) => {
        const { scene, id, causes } = world;
        causes.lost = true;
        const unlucky = new UnluckySecrets(scene.secrets);
        const crash = unlucky.crashAt(n);
        await scene.store.refresh();
        const crashingWindow = scene.openWindow({ through: unlucky, leases: new Leases() });
        await Promise.race([
          crash,
          crashingWindow.renewal
            .renew(id, { unwanted: scene.account(id).session?.accessToken?.value })
            .catch(() => undefined),
        ]);
        // If the renewal did not reach operation n, the window crashes here.
        void unlucky.crashAt(1);
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 12 }).map((n) =>
      named(`the secret storage fails at operation ${n} of a renewal`, async (world) => {
        const unlucky = new UnluckySecrets(world.scene.secrets);
        unlucky.failAt(n);
        world.causes.unclear = true;
        await world.renew(world.scene.openWindow({ through: unlucky, fetch: world.fetch }), true).catch(assertMayFail);
        world.failedWriteTakesTime();
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.constantFrom<SignInMethod>('browser', 'password', 'password, kept'))
      .map(([n, way]) =>
        named(`the secret storage fails at operation ${n} of a sign-in by ${way}`, async (world) => {
          const unlucky = new UnluckySecrets(world.scene.secrets);
          unlucky.failAt(n);
          await world.signIn(world.scene.openWindow({ through: unlucky, fetch: world.fetch }), way);
          world.failedWriteTakesTime();
        }),
      ),
  },
  {
    weight: 1,
    arbitrary: simply('the server revokes the access token', ({ scene, id, causes }) => {
      const { session } = scene.account(id);
      // Without introspection of refresh tokens, a client cannot distinguish an ended access token from an ended token
      // set. So the set ends too.
      const ended = scene.sandbox.instance('demo').oauth2.introspectsRefreshTokens
        ? undefined
        : refreshTokenOf(session);
      causes.revoked ||= session?.accessToken !== undefined && (!refreshTokenOf(session) || ended !== undefined);
      if (session?.accessToken) scene.sandbox.revoke(session.accessToken.value);
      if (session?.accessToken && ended) scene.sandbox.revoke(ended.value);
    }),
  },
  {
    weight: 1,
    arbitrary: simply('the server ends all tokens', ({ scene, causes }) => {
      causes.revoked = true;
      scene.sandbox.revokeAll();
    }),
  },
];

const sleep: fc.WeightedArbitrary<Step> = {
  weight: 4,
  arbitrary: fc.constantFrom('before' as const, 'after' as const).map((moment) =>
    named(`a window falls asleep ${moment === 'before' ? 'before its request' : 'after its answer'}`, async (world) => {
      await world.fallAsleep(moment);
    }),
  ),
};
const wake: fc.WeightedArbitrary<Step> = {
  weight: 4,
  arbitrary: fc.oneof(
    window.map((at) =>
      named(`the sleeping window wakes while window ${at} renews`, (world) =>
        Promise.all([world.wake(), world.renew(world.window(at), true)]),
      ),
    ),
    window.map((at) =>
      named(`the sleeping window wakes while window ${at} signs out`, (world) =>
        Promise.all([world.wake(), world.signOut(world.window(at))]),
      ),
    ),
    fc.constant(
      named('the sleeping window wakes', async (world) => {
        const [sleeper] = world.sleepers;
        if (sleeper) await world.assertSignInNotDemanded(await world.wake(), sleeper.signIns);
      }),
    ),
  ),
};

/** Runs the steps, and checks the invariants after each step and at the end. */
async function runSteps(steps: readonly Step[], rules: Partial<TokenSetRules>): Promise<void> {
  const world = await World.start(rules);
  const { scene, id } = world;
  try {
    for (const step of steps) {
      await step(world);
      await world.assertNoTokenIsForgotten();
    }
    await world.settle();

    world.assertGoodOrExplained();
    await world.assertNoTokenIsForgotten();
    const { session, pendingRevocations } = scene.account(id);
    assert.deepEqual(pendingRevocations, []);
    assert.equal(
      scene.secrets.text.includes(maxPower.password),
      savedPasswordOf(session) !== undefined,
      'the password must be stored exactly if the session has it',
    );
    // No refresh token is exchanged twice.
    const exchanged = scene.sandbox.exchanges.flatMap(({ from }) => from ?? []);
    assert.equal(new Set(exchanged).size, exchanged.length);
    for (const window of world.windows)
      assert.deepEqual(window.store.find(id)?.session, session, 'every window must have the same session');
  } finally {
    world.sleepers.forEach(({ wake: end }) => end());
    await scene.end();
  }
}

describe('Renewal with any steps in three windows', () => {
  const servers: Readonly<Record<string, Partial<TokenSetRules>>> = {
    'keeps several token sets for each user': {},
    'keeps several token sets without introspecting refresh tokens': { introspectsRefreshTokens: false },
    'keeps one token set for each user': { oneTokenSet: true },
    'keeps one token set without introspecting refresh tokens': { oneTokenSet: true, introspectsRefreshTokens: false },
    'keeps one token set, which a revocation of the previous one ends': { oneTokenSet: true, revokesReplacement: true },
  };
  for (const [name, rules] of Object.entries(servers)) {
    it(`keeps the session valid, or ends it for a known cause, and forgets no token, if the server ${name}`, async function () {
      this.timeout(120_000);
      const steps = fc.array(fc.oneof(...actions, ...events, sleep, wake), { minLength: 1, maxLength: 24 });
      await fc.assert(
        fc.asyncProperty(steps, (taken) => runSteps(taken, rules)),
        fuzzRuns(80),
      );
    });
  }
});
