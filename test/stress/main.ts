import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { LeaseBounds } from '../../src/session/lease';
import type { TokenSet } from '../../src/session/session';
import { PlatformUrl } from '../../src/zeyos/platform';
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
  /** Expiries that took another number of exchanges than one. */
  notOnce: number;
  /** Sessions that ended although the server had not ended them. */
  lost: number;
  interrupted: number;
  /** Sessions whose token is dead although the store calls it good. */
  inBetween: number;
  corrupted: number;
  /** Windows that were asked and got no token. */
  refused: number;
  /** Tokens that are good though no session has them. */
  orphans: number;
  kills: number;
}

/** Processes with the real renewal over one store and a server with single-use refresh tokens: all want a new token at once. */
class Stress {
  readonly figures: Figures = { exchanges: 0, notOnce: 0, lost: 0, interrupted: 0, inBetween: 0, corrupted: 0, refused: 0, orphans: 0, kills: 0 };
  readonly #folder = temporaryFolder('stress');
  readonly #window: ReturnType<typeof openWindow>;
  readonly #platform: PlatformUrl;
  readonly #issuedBefore: number;
  #workers: ChildProcess[] = [];

  constructor(
    private readonly sandbox: Sandbox,
    private readonly bounds: LeaseBounds,
    private readonly kills: boolean,
  ) {
    this.#window = openWindow(this.#folder.path, bounds);
    this.#platform = PlatformUrl.parse(sandbox.url('demo'));
    this.#issuedBefore = sandbox.tokens().length;
  }

  async run(expiries: number, workers: number): Promise<void> {
    const { client_id: clientId, client_secret: clientSecret } = vscodeApplication;
    await this.#window.clientSecrets.store(this.#platform.href, { clientId, clientSecret });
    this.#workers = await Promise.all(Array.from({ length: workers }, () => this.#fork()));
    let id = await this.#signIn();
    for (let expiry = 0; expiry < expiries; expiry++) {
      await this.#expire(id);
      if (!this.#window.store.find(id)?.session?.accessToken) id = await this.#signIn();
    }
    const kept = this.#window.store.find(id)?.session;
    this.figures.orphans = this.sandbox.tokens().slice(this.#issuedBefore).filter(({ value, active }) => active && value !== kept?.accessToken?.value && value !== kept?.refreshToken?.value).length;
    this.#workers.forEach((worker) => worker.kill());
    this.#folder.remove();
  }

  async #expire(id: string): Promise<void> {
    const { store } = this.#window;
    await store.refresh();
    const unwanted = store.find(id)?.session?.accessToken?.value ?? assert.fail('no token');
    const before = this.sandbox.exchanges.length;
    const victim = this.kills && Math.random() < 0.5 ? Math.floor(Math.random() * this.#workers.length) : -1;
    const replies = this.#workers.map((worker, index) => (index === victim ? this.#kill(worker, index, { id, unwanted, afterMs: 0 }) : this.#ask(worker, { id, unwanted, afterMs: Math.random() * 20 })));
    const answers = await Promise.all(replies);
    const tokens = answers.flatMap((reply) => (reply?.token === undefined ? [] : [reply.token]));
    this.figures.refused += answers.filter((reply) => reply?.error !== undefined).length;
    const exchanges = this.sandbox.exchanges.length - before;
    this.figures.exchanges += exchanges;
    if (exchanges !== 1) this.figures.notOnce++;
    await store.refresh();
    const session = store.find(id)?.session;
    const isAlive = this.sandbox.tokens().some(({ value, active }) => active && value === session?.accessToken?.value);
    if (!session) this.figures.corrupted++;
    else if (session.ended === 'interrupted') this.figures.interrupted++;
    else if (!session.accessToken) this.figures.lost++;
    else if (!isAlive || tokens.some((token) => token !== session.accessToken?.value)) this.figures.inBetween++;
  }

  async #ask(worker: ChildProcess, order: Order): Promise<Reply> {
    worker.send(order);
    for (;;) {
      const [reply] = (await once(worker, 'message')) as [Reply];
      if (reply.unwanted === order.unwanted) return reply;
    }
  }

  /** Lets it begin, ends it at some moment of the exchange, and puts another in its place. */
  async #kill(worker: ChildProcess, index: number, order: Order): Promise<undefined> {
    worker.send(order);
    await delay(Math.random() * 60);
    const ended = once(worker, 'exit');
    worker.kill('SIGKILL');
    await ended;
    this.figures.kills++;
    this.#workers[index] = await this.#fork();
  }

  async #fork(): Promise<ChildProcess> {
    const worker = fork(join(out, 'test/stress/worker.js'), [this.#folder.path, JSON.stringify(this.bounds)]);
    await once(worker, 'message');
    return worker;
  }

  async #signIn(): Promise<string> {
    const { access_token, refresh_token } = await new OAuth2Client(this.sandbox).issued();
    const tokens: TokenSet = { surface: 'oauth2', accessToken: { value: access_token, issuedAt: Date.now() }, refreshToken: { value: refresh_token }, clientId: vscodeApplication.client_id };
    return (await this.#window.store.signIn(this.#platform, { userName: maxPower.name }, tokens)).id;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { expiries: { type: 'string' }, workers: { type: 'string' } }, strict: false });
  const expiries = Number(values.expiries ?? 30);
  const workers = Number(values.workers ?? 8);
  const sandbox = await Sandbox.start();
  const calm = new Stress(sandbox, { waitMs: 60_000, staleMs: 30_000 }, false);
  await calm.run(expiries, workers);
  // Long enough to be killed in.
  sandbox.fault('/oauth2/v1/token', { kind: 'delay', ms: 20 });
  const deadly = new Stress(sandbox, { waitMs: 60_000, staleMs: 2_000 }, true);
  await deadly.run(Math.ceil(expiries / 4), workers);
  await sandbox.stop();
  console.table({ [`${expiries} expiries`]: calm.figures, [`${Math.ceil(expiries / 4)} expiries with kills`]: deadly.figures });
  const { notOnce, lost, interrupted, inBetween, corrupted, refused, orphans } = calm.figures;
  const checks = [
    ['one exchange for each expiry', notOnce === 0],
    ['no session lost', lost + interrupted === 0],
    ['a token for every window, and none that no session has', refused + orphans === 0],
    ['nothing corrupted or in between', inBetween + corrupted === 0],
    ['with kills: nothing lost without an explanation', deadly.figures.lost === 0],
    ['with kills: nothing corrupted or in between', deadly.figures.inBetween + deadly.figures.corrupted === 0],
  ] as const;
  for (const [what, holds] of checks) console.log(`${holds ? '✔' : '✘'} ${what}`);
  const failed = checks.filter(([, holds]) => !holds).length;
  console.log(tallyLine({ passed: checks.length - failed, failed, skipped: 0 }));
  process.exit(failed > 0 ? 1 : 0);
}

void main();
