import assert from 'node:assert/strict';
import { ask } from '../../../src/handover/helper/ask';
import { ANSWER_MS } from '../../../src/handover/protocol';
import { Clock, eventually, turns } from '../../support/clock';
import { Terminal } from '../../support/terminal';

describe('The request of zeyos-run or zeyos to the window', function () {
  if (process.platform === 'win32') return;
  const given = { token: 'c0ffee', baseUrl: 'https://zeyos.example.com/demo' };
  const request = { ask: 'token', command: 'curl' } as const;
  let clock: Clock;
  let terminal: Terminal | undefined;

  beforeEach(() => (clock = new Clock()));
  afterEach(() => terminal?.close());

  it('resolves to the answer of the window, and leaves no timer', async () => {
    terminal = await Terminal.open(() => given);
    assert.deepEqual(await ask(request, terminal.env, clock), given);
    await eventually(() => clock.due.length === 0);
  });

  it('ends after a minute if the window does not answer', async () => {
    const opened = (terminal = await Terminal.open(() => new Promise<never>(() => undefined)));
    const answer = ask(request, opened.env, clock);
    await eventually(() => opened.requests.length === 1);
    clock.elapse(ANSWER_MS - 1);
    await turns();
    assert.equal(opened.server.connections, 1, 'the command has ended too early');
    clock.elapse(1);
    assert.deepEqual(await answer, { refusal: opened.env['ZEYOS_TERMINAL_GONE'] ?? assert.fail() });
  });
});
