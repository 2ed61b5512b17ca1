import assert from 'node:assert/strict';
import { refreshTokenOf } from '../../src/session/model/grant';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { LeaseBounds } from '../../src/base/fileLease';
import type { TokenSet } from '../../src/session/model/session';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { temporaryFolder } from '../support/cleanUp';
import { out } from '../support/paths';
import { tallyLine } from '../support/run/tally';
import { maxPower, vscodeApplication } from '../support/sandbox/fixtures';
import { OAuth2Client } from '../support/sandbox/oauth2Client';
import { Sandbox } from '../support/sandbox/sandbox';
import type { Order, Reply } from './worker';
import { openWindow } from './window';

interface Figures {
  exchanges: number;
  /** Expiries with a number of exchanges other than one. */
  notOnce: number;
  /** Sessions that ended although the server did not end them. */
  lost: number;
  interrupted: number;
  /**
   * Sessions in an invalid state: the store calls a token valid that has ended, an exchange is neither finished nor
   * ended, or the windows have different tokens.
   */
  inBetween: number;
  corrupted: number;
  /** Windows that asked for a token and got none. */
  refused: number;
  /** Valid tokens that no session has. */
  orphans: number;
  kills: number;
}

/**
 * When a window is killed that starts alone: before its request, while the server handles it, while the answer is on
 * its way, and while the tokens are written. `any` is a random time while all windows compete.
 */
const MOMENTS = ['before', 'any', 'during', 'any', 'after', 'any', 'later', 'any'] as const;

/**
 * Processes with the real renewal share one store and a server with single-use refresh tokens. All want a new token at
 * the same time.
 */
class Stress {
  readonly figures: Figures = {
    exchanges: 0,
    notOnce: 0,
    lost: 0,
    interrupted: 0,
    inBetween: 0,
    corrupted: 0,
    refused: 0,
    orphans: 0,
    kills: 0,
  };
  readonly #folder = temporaryFolder('stress');
  readonly #window: ReturnType<typeof openWindow>;
  readonly #platform: PlatformUrl;
  readonly #issuedBefore: number;
  #workers: ChildProcess[] = [];
  #forks = 0;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly bounds: LeaseBounds,
    private readonly kills: boolean,
    /** The folder of another version, compiled. Every second window is of that version. */
    private readonly otherVersion?: string,
  ) {
    this.#window = openWindow(this.#folder.path, bounds);
    this.#platform = PlatformUrl.parse(sandbox.url('demo'));
    this.#issuedBefore = sandbox.tokens().length;
  }

  async run(expiries: number, workers: number): Promise<void> {
    const { client_id: clientId, client_secret: clientSecret } = vscodeApplication;
    await this.#window.clientSecrets.store(this.#platform, { clientId, clientSecret });
    this.#workers = await Promise.all(Array.from({ length: workers }, () => this.#fork()));
    let id = await this.#signIn();
    for (let expiry = 0; expiry < expiries; expiry++) {
      // Every second expiry, because a lease is taken over only after its stale time.
      await this.#expire(id, this.kills && expiry % 2 === 0 ? MOMENTS[(expiry / 2) % MOMENTS.length] : undefined);
      if (!this.#window.store.find(id)?.session?.accessToken) id = await this.#signIn();
    }
    const kept = this.#window.store.find(id)?.session;
    this.figures.orphans = this.sandbox
      .tokens()
      .slice(this.#issuedBefore)
      .filter(
        ({ value, active }) => active && value !== kept?.accessToken?.value && value !== refreshTokenOf(kept)?.value,
      ).length;
    this.#workers.forEach((worker) => worker.kill());
    this.#folder.remove();
  }

  async #expire(id: string, moment?: (typeof MOMENTS)[number]): Promise<void> {
    const { store } = this.#window;
    await store.refresh();
    const unwanted = store.find(id)?.session?.accessToken?.value ?? assert.fail('no token');
    const before = this.sandbox.exchanges.length;
    const [victim = assert.fail('no window')] = moment
      ? this.#workers.splice(Math.floor(Math.random() * this.#workers.length), 1)
      : this.#workers;
    const killed = moment && this.#kill(victim, { id, unwanted, afterMs: 0 }, moment);
    if (moment !== 'any') await killed;
    const answers = await Promise.all(
      this.#workers.map((worker) => this.#ask(worker, { id, unwanted, afterMs: Math.random() * 20 })),
    );
    await killed;
    if (moment) this.#workers.push(await this.#fork());
    const tokens = answers.flatMap(({ token }) => (token === undefined ? [] : [token]));
    const refused = answers.length - tokens.length;
    const exchanges = this.sandbox.exchanges.length - before;
    await store.refresh();
    const session = store.find(id)?.session;
    const isAlive = this.sandbox.tokens().some(({ value, active }) => active && value === session?.accessToken?.value);
    const isGood =
      isAlive && !session?.exchange && refused === 0 && tokens.every((token) => token === session?.accessToken?.value);

    this.figures.refused += refused;
    this.figures.exchanges += exchanges;
    if (exchanges !== 1) this.figures.notOnce++;
    if (!session) this.figures.corrupted++;
    else if (session.ended === 'interrupted') this.figures[tokens.length === 0 ? 'interrupted' : 'inBetween']++;
    else if (!session.accessToken) this.figures.lost++;
    else if (!isGood) this.figures.inBetween++;
  }

  async #ask(worker: ChildProcess, order: Order): Promise<Reply> {
    worker.send(order);
    for (;;) {
      const [reply] = (await once(worker, 'message')) as [Reply];
      if (reply.unwanted === order.unwanted) return reply;
    }
  }

  async #kill(victim: ChildProcess, order: Order, moment: (typeof MOMENTS)[number]): Promise<void> {
    const [requests, exchanges] = [this.sandbox.requests.length, this.sandbox.exchanges.length];
    const ended = once(victim, 'exit');
    let isDone = false;
    victim.once('message', () => (isDone = true));
    victim.send(order);
    if (moment === 'before') await delay(Math.random() * 10);
    if (moment === 'during') while (!isDone && this.sandbox.requests.length === requests) await turn();
    if (moment === 'after' || moment === 'later')
      while (!isDone && this.sandbox.exchanges.length === exchanges) await turn();
    if (moment === 'any') await delay(Math.random() * 80);
    if (moment === 'later') await delay(Math.random() * 10);
    victim.kill('SIGKILL');
    await ended;
    this.figures.kills++;
  }

  async #fork(): Promise<ChildProcess> {
    const compiled = this.otherVersion !== undefined && this.#forks++ % 2 === 0 ? join(this.otherVersion, 'out') : out;
    const worker = fork(join(compiled, 'test/stress/worker.js'), [this.#folder.path, JSON.stringify(this.bounds)]);
    await once(worker, 'message');
    return worker;
  }

  async #signIn(): Promise<string> {
    const { access_token, refresh_token } = await new OAuth2Client(this.sandbox).issued();
    const tokens: TokenSet = {
      api: 'oauth2',
      accessToken: { value: access_token, issuedAt: Date.now() },
      grant: { kind: 'refreshToken', value: refresh_token },
      clientId: vscodeApplication.client_id,
    };
    return (await this.#window.store.signIn(this.#platform, { userName: maxPower.name }, tokens)).id;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { expiries: { type: 'string' }, workers: { type: 'string' }, 'other-version': { type: 'string' } },
    strict: false,
  });
  const expiries = Number(values.expiries ?? 30);
  const workers = Number(values.workers ?? 8);
  const otherVersion = values['other-version'] === undefined ? undefined : resolve(String(values['other-version']));
  const sandbox = await Sandbox.start();
  const calm = new Stress(sandbox, { waitMs: 60_000, staleMs: 30_000 }, false, otherVersion);
  await calm.run(expiries, workers);
  // Gives each request enough time for a kill.
  sandbox.fault('/oauth2/v1/token', { kind: 'delay', ms: 20 });
  const withKills = new Stress(sandbox, { waitMs: 60_000, staleMs: 1_500 }, true, otherVersion);
  await withKills.run(Math.ceil(expiries / 4), workers);
  await sandbox.stop();
  console.table({
    [`${expiries} expiries`]: calm.figures,
    [`${Math.ceil(expiries / 4)} expiries with kills`]: withKills.figures,
  });
  const { notOnce, lost, interrupted, inBetween, corrupted, refused, orphans } = calm.figures;
  const checks = [
    ['each expiry takes one exchange', notOnce === 0],
    ['no session is lost', lost + interrupted === 0],
    ['each window gets a token, and no token is without a session', refused + orphans === 0],
    ['no session is corrupted or in an invalid state', inBetween + corrupted === 0],
    ['with kills: windows are killed', withKills.figures.kills > 0],
    [
      'with kills: each expiry takes one exchange, by the killed window or another one',
      withKills.figures.notOnce === 0,
    ],
    [
      'with kills: each lost session is explained by a kill',
      withKills.figures.lost === 0 && withKills.figures.interrupted <= withKills.figures.kills,
    ],
    [
      'with kills: no session is corrupted or in an invalid state',
      withKills.figures.inBetween + withKills.figures.corrupted === 0,
    ],
    [
      'with kills: only tokens that were lost with a window are without a session',
      withKills.figures.orphans <= 2 * withKills.figures.interrupted,
    ],
  ] as const;
  for (const [what, holds] of checks) console.log(`${holds ? '✔' : '✘'} ${what}`);
  const failed = checks.filter(([, holds]) => !holds).length;
  console.log(tallyLine({ passed: checks.length - failed, failed, skipped: 0 }));
  process.exit(failed > 0 ? 1 : 0);
}

void main();
