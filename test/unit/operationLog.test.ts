import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { OperationLog } from '../../src/zeyos/operationLog';
import { MemoryLog } from '../support/memoryLog';

describe('The log of operations', () => {
  let sink: MemoryLog;
  let log: OperationLog;

  beforeEach(() => {
    sink = new MemoryLog();
    log = new OperationLog(sink);
  });

  it('passes each line on at its level', () => {
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    assert.deepEqual(sink.lines, ['debug: a', 'info: b', 'warn: c', 'error: d']);
  });

  it('tells operations apart however they interleave', async () => {
    const work = (name: string) => async () => {
      log.info(`${name} begins`);
      await turn();
      log.info(`${name} ends`);
      return name;
    };
    assert.deepEqual(await Promise.all([log.during('signIn', work('a')), log.during('signOut', work('b'))]), ['a', 'b']);
    log.info('after');
    assert.deepEqual(sink.lines, ['info: [signIn 1] a begins', 'info: [signOut 2] b begins', 'info: [signIn 1] a ends', 'info: [signOut 2] b ends', 'info: after']);
  });

  const table: readonly [string, string, string][] = [
    ['a bearer', 'sent Authorization: Bearer abc.DEF-123_~+/==; then', 'sent Authorization: [redacted]; then'],
    ['a password', 'basic bWF4OnMzY3JldA==', '[redacted]'],
    ['a token as ZeyOS issues them', `token=${'0123456789'.repeat(4)}&x`, 'token=[redacted]&x'],
  ];
  for (const [what, line, expected] of table) {
    it(`redacts ${what} that a mistake sent there`, () => {
      log.error(line);
      assert.deepEqual(sink.lines, [`error: ${expected}`]);
    });
  }

  it('keeps one line of what a server spread over several', () => {
    log.warn('401 bad\r\n[info] all is well\u001b[0m\u202e');
    assert.deepEqual(sink.lines, ['warn: 401 bad [info] all is well [0m ']);
  });
});
