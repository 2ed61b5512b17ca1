import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { HandoverError } from '../../../../src/handover/handoverError';
import { NetworkError } from '../../../../src/zeyos/errors';
import { noTokenText } from '../../../../src/ui/terminal/handoverWords';
import { SentenceTerminal } from '../../../../src/ui/terminal/sentenceTerminal';
import { terminalObstacle, type Situation } from '../../../../src/ui/terminal/terminalObstacles';
import type { StoredAccount } from '../../../../src/session/model/session';
import { Clock } from '../../../support/clock';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';

describe('A window offers a ZeyOS terminal', () => {
  const { UI, Workspace } = vscode.ExtensionKind;
  for (const [what, situation, obstacle] of [
    ['if it is a local one', { isTrusted: true, remoteName: undefined, extensionKind: UI }, undefined],
    [
      'if it is a local one, whatever kind the extension is',
      { isTrusted: true, remoteName: undefined, extensionKind: Workspace },
      undefined,
    ],
    [
      'if the extension runs where a remote window works',
      { isTrusted: true, remoteName: 'ssh-remote', extensionKind: Workspace },
      undefined,
    ],
    [
      'if the editor is served to a browser',
      { isTrusted: true, remoteName: '127.0.0.1:8080', extensionKind: Workspace },
      undefined,
    ],
    [
      'not if the extension runs on the side of the user (SSH)',
      { isTrusted: true, remoteName: 'ssh-remote', extensionKind: UI },
      /run on ssh-remote, but your ZeyOS sessions are on your own computer/,
    ],
    [
      'not if the extension runs on the side of the user (WSL)',
      { isTrusted: true, remoteName: 'wsl', extensionKind: UI },
      /run on wsl/,
    ],
    [
      'not if the extension runs on the side of the user (containers)',
      { isTrusted: true, remoteName: 'dev-container', extensionKind: UI },
      /run on dev-container/,
    ],
    [
      'not in a folder that is not trusted',
      { isTrusted: false, remoteName: undefined, extensionKind: UI },
      /Restricted Mode/,
    ],
  ] as const satisfies readonly (readonly [string, Situation, RegExp | undefined])[]) {
    it(what, () => {
      const found = terminalObstacle(situation);
      if (obstacle === undefined) assert.equal(found, undefined);
      else assert.match(found?.message ?? '', obstacle);
    });
  }
});

describe('A terminal that only shows why no ZeyOS terminal was opened', () => {
  it('prints the reason when it opens, and closes when a key is pressed', () => {
    const terminal = new SentenceTerminal('Not confirmed.', new Clock());
    const events: string[] = [];
    terminal.onDidWrite((text) => events.push(text));
    terminal.onDidClose(() => events.push('closed'));
    assert.deepEqual(events, []);
    terminal.open();
    assert.deepEqual(events, ['Not confirmed.\r\n']);
    terminal.handleInput();
    assert.deepEqual(events, ['Not confirmed.\r\n', 'closed']);
    terminal.close();
  });

  it('closes by itself after ten seconds', () => {
    const clock = new Clock();
    const terminal = new SentenceTerminal('Not confirmed.', clock);
    let isClosed = false;
    terminal.onDidClose(() => (isClosed = true));
    terminal.open();
    clock.elapse(9_999);
    assert.equal(isClosed, false);
    clock.elapse(1);
    assert.equal(isClosed, true);
    terminal.close();
    assert.deepEqual(clock.due, []);
  });
});

describe('A command in a terminal that gets no token', () => {
  const stored: StoredAccount = {
    id: 'id',
    platform: PlatformUrl.parse('demo'),
    account: { id: 'demo#1', label: 'max.power (cloud.zeyos.com/demo)', userName: 'max.power' },
    signedIn: true,
    lost: false,
    pendingRevocations: [],
  };

  for (const [what, error, sentence] of [
    ['after a sign-out', new HandoverError('signedOut'), /^max\.power \(.*\) is signed out\. Sign in again/],
    [
      'after the session has ended',
      new HandoverError('ended'),
      /^The session of max\.power \(.*\) has ended\. Sign in again/,
    ],
    [
      'while the instance is removed',
      new HandoverError('removed'),
      /^The instance https:.* is no longer configured\. Add it again/,
    ],
    ['while the keyring is locked', new HandoverError('keyring'), /^Your system's keyring does not answer\. Unlock it/],
    ['while the server cannot be reached', new NetworkError('ECONNREFUSED', undefined), /cloud\.zeyos\.com/],
  ] as const) {
    it(`says in one line what to do ${what}`, () => {
      const text = noTokenText(error, stored);
      assert.match(text, sentence);
      assert.doesNotMatch(text, /\n/);
    });
  }
});
