import * as l10n from '@vscode/l10n';
import type { CodeOf } from '../../diagnosis/finding';
import type { Fact } from './diagnosisWords';

export function machineText(code: CodeOf<'machine'>, fact: Fact): string {
  switch (code) {
    case 'machine.local':
      return l10n.t('The extension runs on this computer. Tokens are sent to ZeyOS from it, and stored on it.');
    case 'machine.besideWindow':
      return l10n.t(
        'The extension runs on the computer that shows this window, not on the remote side ({0}). Tokens are sent to ZeyOS from that computer, and stored on it. Extensions on the remote side that you allow get tokens there.',
        fact('remote'),
      );
    case 'machine.remote':
      return l10n.t(
        'The extension runs on the remote side ({0}). Tokens are sent to ZeyOS from there, and stored on the computer that shows this window.',
        fact('remote'),
      );
    case 'machine.server':
      return l10n.t(
        'The extension runs on the server of this browser-based editor. Tokens are sent to ZeyOS from that server, and the editor stores them for this browser only.',
      );
  }
}
