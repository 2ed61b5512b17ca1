import assert from 'node:assert/strict';
import fc from 'fast-check';
import { needsSecret, SignInRequiredError } from '../../src/session/renewal';
import { usableToken } from '../../src/session/session';
import { UnluckySecrets } from '../support/memorySecrets';
import { vscodeApplication } from '../support/sandbox/fixtures';
import type { Fault } from '../support/sandbox/sandbox';
import { Leases, startScene, type Scene, type SceneWindow } from '../support/scene';

const HOUR_MS = 3_600_000;

/** What may have ended a session: nothing else may. */
interface Causes {
  /** The server ended it. */
  revoked: boolean;
  /** An answer got lost, or a window crashed. */
  lost: boolean;
  /** An answer did not say whether the exchange had happened, or what it said was not written down. */
  unclear: boolean;
}

/** A session, the windows that renew it, and what has happened to it. */
class World {
  readonly causes: Causes = { revoked: false, lost: false, unclear: false };
  readonly #windows: readonly SceneWindow[];

  private constructor(
    readonly scene: Scene,
    readonly id: string,
  ) {
    this.#windows = [scene, scene.openWindow(), scene.openWindow()];
  }

  static async start(): Promise<World> {
    const scene = await startScene();
    return new World(scene, (await scene.signInByBrowser()).id);
  }

  window(index: number): SceneWindow {
    return this.#windows[index % this.#windows.length] ?? this.scene;
  }

  /** Renews in a window; that it fails is no news, but how it may. */
  async renew(window: SceneWindow, isAsked: boolean): Promise<void> {
    await window.store.refresh();
    const token = isAsked ? window.store.find(this.id)?.session?.accessToken?.value : undefined;
    await window.renewal.renew(this.id, token, token === undefined ? undefined : 'asked').catch((error: Error) => {
      assert.ok(error instanceof SignInRequiredError || needsSecret(error) || ['HttpError', 'NetworkError', 'MalformedResponseError'].includes(error.name) || error.message === 'the keyring is locked', String(error));
    });
  }

  setSecret(isRight: boolean): Promise<void> {
    const { client_id: clientId, client_secret: clientSecret } = vscodeApplication;
    return this.scene.clientSecrets.store(this.scene.platform.href, { clientId, clientSecret: isRight ? clientSecret : 'outdated' });
  }

  /** Peace: no faults, the right secret, somebody asks for the session, and it is checked. */
  async settle(): Promise<void> {
    this.scene.sandbox.clearFaults();
    await this.setSecret(true);
    for (const window of this.#windows) await this.renew(window, false);
    await this.scene.check.run(this.scene.account(this.id));
    for (const window of this.#windows) await window.revocations.settle();
  }
}

type Step = (world: World) => Promise<unknown>;

const faults: readonly Fault[] = [{ kind: 'status', status: 503 }, { kind: 'status', status: 429 }, { kind: 'html' }, { kind: 'html', status: 200 }, { kind: 'reset' }, { kind: 'truncated' }, { kind: 'delay', ms: 2 }];
const losses: readonly Fault[] = [{ kind: 'lostAnswer', how: 'reset' }, { kind: 'lostAnswer', how: 'truncated' }];

const named = (name: string, step: Step): Step => Object.assign(step, { [fc.toStringMethod]: () => name });
const window = fc.nat(2);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(named('an hour goes by', async ({ scene }) => Promise.resolve(scene.clock.advance(HOUR_MS)))) },
  { weight: 4, arbitrary: fc.tuple(window, fc.boolean()).map(([at, isAsked]) => named(`window ${at} renews${isAsked ? ', asked to' : ''}`, (world) => world.renew(world.window(at), isAsked))) },
  { weight: 2, arbitrary: fc.boolean().map((isAsked) => named(`all windows renew${isAsked ? ', asked to' : ''}`, (world) => Promise.all([0, 1, 2].map((at) => world.renew(world.window(at), isAsked))))) },
  { weight: 2, arbitrary: window.map((at) => named(`window ${at} checks`, (world) => world.window(at).check.run(world.scene.account(world.id)).catch(() => undefined))) },
  { weight: 2, arbitrary: fc.constantFrom(...faults).map((fault) => named(`the next call meets ${JSON.stringify(fault)}`, ({ scene, causes }) => {
    causes.unclear ||= fault.kind !== 'delay' && !(fault.kind === 'status' && fault.status === 429);
    return Promise.resolve(scene.sandbox.fault('/token', fault, 1));
  })) },
  { weight: 1, arbitrary: fc.constantFrom(...losses).map((fault) => named(`an answer gets lost: ${JSON.stringify(fault)}`, ({ scene, causes }) => {
    causes.lost = true;
    return Promise.resolve(scene.sandbox.fault('POST /demo/oauth2/v1/token', fault, 1));
  })) },
  { weight: 1, arbitrary: fc.boolean().map((isRight) => named(`the secret is ${isRight ? 'right' : 'outdated'}`, (world) => world.setSecret(isRight))) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 16 }).map((n) => named(`a window crashes at operation ${n}`, async (world) => {
    const { scene, id, causes } = world;
    causes.lost = true;
    const unlucky = new UnluckySecrets(scene.secrets);
    const crash = unlucky.crashAt(n);
    const doomed = scene.openWindow({ through: unlucky, leases: new Leases() });
    await Promise.race([crash, doomed.renewal.renew(id, scene.account(id).session?.accessToken?.value, 'asked').catch(() => undefined)]);
  })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }).map((n) => named(`the keyring fails at operation ${n}`, async (world) => {
    const unlucky = new UnluckySecrets(world.scene.secrets);
    unlucky.failAt(n);
    world.causes.unclear = true;
    await world.renew(world.scene.openWindow({ through: unlucky }), true).catch((error: Error) => assert.equal(error.message, 'the keyring is locked'));
  })) },
  { weight: 1, arbitrary: fc.constant(named('the server revokes the access token', ({ scene, id }) => {
    const token = scene.account(id).session?.accessToken?.value;
    if (token !== undefined) scene.sandbox.revoke(token);
    return Promise.resolve();
  })) },
  { weight: 1, arbitrary: fc.constant(named('the server ends everything', ({ scene, causes }) => {
    causes.revoked = true;
    return Promise.resolve(scene.sandbox.revokeAll());
  })) },
);

describe('Renewal, whatever happens in whichever window', () => {
  it('leaves a session that is good, or one that ended for a reason that there was', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 20 }), async (happenings) => {
        const world = await World.start();
        const { scene, id, causes } = world;
        try {
          for (const step of happenings) await step(world);
          await world.settle();

          const stored = scene.account(id);
          const { session } = stored;
          assert.ok(session);
          const alive = scene.sandbox.tokens().filter(({ active }) => active).map(({ value }) => value);
          if (session.ended === undefined) {
            const token = usableToken(stored, scene.clock.now());
            assert.ok(session.refreshToken && alive.includes(session.refreshToken.value), 'what renews it is good');
            assert.ok(token, 'there is a token');
            assert.ok(alive.includes(token.value), 'it is good');
          } else {
            assert.ok(causes.revoked || causes.lost, `it ended as ${session.ended} for no reason`);
            assert.ok(session.ended === 'revoked' || causes.lost || causes.unclear, 'an interruption that there was not');
            assert.ok(!session.accessToken && !session.refreshToken);
            assert.equal(session.ended === 'interrupted', session.exchange !== undefined, 'what was interrupted is explained');
          }
          // Each refresh token was exchanged once, and what came is in the session, or has ended.
          const exchanged = scene.sandbox.exchanges.filter(({ grant_type }) => grant_type === 'refresh_token').map(({ from }) => from);
          assert.equal(new Set(exchanged).size, exchanged.length);
          if (!causes.lost) assert.deepEqual(alive.filter((value) => ![session.accessToken?.value, session.refreshToken?.value].includes(value)), [], 'no token is left over');
          for (const at of [1, 2]) {
            await world.window(at).store.refresh();
            assert.deepEqual(world.window(at).store.find(id)?.session, scene.account(id).session, 'every window has the same');
          }
        } finally {
          await scene.end();
        }
      }),
      { numRuns: Number(process.env['RENEWAL_RUNS'] ?? 150) },
    );
  });
});
