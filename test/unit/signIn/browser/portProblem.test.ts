import assert from 'node:assert/strict';
import { describePortProblem } from '../../../../src/signIn/browser/portProblem';

describe('The message for a port that cannot be opened', () => {
  const failed = (code: string): Error => Object.assign(new Error(`listen ${code}: 127.0.0.1:9005`), { code });
  const table: readonly (readonly [string, Error, RegExp])[] = [
    ['in use', failed('EADDRINUSE'), /^Port 9005 is in use by another program\.$/],
    [
      'EACCES',
      failed('EACCES'),
      /not permit .* port 9005 \(EACCES\): the port is reserved, or needs administrator rights/,
    ],
    ['EPERM', failed('EPERM'), /not permit .* port 9005 \(EPERM\)/],
    ['EADDRNOTAVAIL', failed('EADDRNOTAVAIL'), /Port 9005 .* no address 127\.0\.0\.1 \(EADDRNOTAVAIL\)/],
    ['EAFNOSUPPORT', failed('EAFNOSUPPORT'), /Port 9005 .* no address 127\.0\.0\.1 \(EAFNOSUPPORT\)/],
    ['EMFILE', failed('EMFILE'), /Port 9005 .* too many files are open \(EMFILE\)/],
    ['ENFILE', failed('ENFILE'), /Port 9005 .* too many files are open \(ENFILE\)/],
    ['ENOBUFS', failed('ENOBUFS'), /Port 9005 cannot be opened \(ENOBUFS\)/],
    ['UNKNOWN', failed('UNKNOWN'), /Port 9005 cannot be opened \(UNKNOWN\)/],
    ['without a code', new RangeError('bad'), /Port 9005 cannot be opened \(RangeError\)/],
  ];
  for (const [reason, error, sentence] of table)
    it(`names the port and the reason: ${reason}`, () => assert.match(describePortProblem(error, 9005), sentence));

  it('says "in use" for no other reason', () => {
    for (const [, error] of table.slice(1)) assert.doesNotMatch(describePortProblem(error, 9005), /in use/);
  });
});
