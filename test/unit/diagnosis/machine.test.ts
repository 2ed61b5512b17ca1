import assert from 'node:assert/strict';
import { judgeMachine, type Place } from '../../../src/diagnosis/machine';
import { fixFor } from '../../../src/ui/documents/diagnosisFixes';
import { findingText, titleOf } from '../../../src/ui/documents/diagnosisWords';

const plain = (text: string): string => text;

describe('The diagnosis of the machine', () => {
  const cases: readonly (readonly [string, Place, string, RegExp, boolean])[] = [
    [
      'in a local window of the desktop editor, names this computer',
      { isWeb: false, runsBesideWindow: true },
      'machine.local',
      /runs on this computer\. Tokens are sent to ZeyOS from it/,
      false,
    ],
    [
      'in a remote window, with the extension on the side of the window, names that computer and the remote side',
      { isWeb: false, remoteName: 'ssh-remote', runsBesideWindow: true },
      'machine.besideWindow',
      /not on the remote side \(ssh-remote\)\. Tokens are sent to ZeyOS from that computer/,
      false,
    ],
    [
      'in a remote window, with the extension on the remote side, names the remote side and says how to avoid it',
      { isWeb: false, remoteName: 'wsl', runsBesideWindow: false },
      'machine.remote',
      /runs on the remote side \(wsl\)\. Tokens are sent to ZeyOS from there/,
      true,
    ],
    [
      'in a browser, names the server and does not repeat its address',
      { isWeb: true, remoteName: '127.0.0.1:8080', runsBesideWindow: false },
      'machine.server',
      /runs on the server of this browser-based editor\. Tokens are sent to ZeyOS from that server/,
      false,
    ],
  ];

  for (const [title, place, code, text, hasFix] of cases) {
    it(title, () => {
      const finding = judgeMachine(place);
      assert.deepEqual([finding.code, finding.verdict, titleOf(finding)], [code, 'good', 'Machine']);
      assert.match(findingText(finding, plain, 'en'), text);
      assert.equal(fixFor(finding, plain) !== undefined, hasFix);
      assert.ok(!findingText(finding, plain, 'en').includes('8080'));
    });
  }
});
