import * as l10n from '@vscode/l10n';
import { describeFailure, isStorageFailure } from './failure';
import { runCommand } from '../ownCommand';
import type { Refusal } from '../prompts';
import { remedies } from './remedy';
import type { PlatformUrl } from '../../zeyos/address/platform';

/**
 * Shows a failure below the input of a prompt, with a button for each setting that may help, and for Diagnose if that
 * may help.
 */
export function promptRefusal(error: unknown, platform: PlatformUrl): Refusal {
  const buttons = remedies(error).map(({ label, open }) => ({ icon: 'settings-gear', tooltip: label, run: open }));
  const diagnose = {
    icon: 'pulse',
    tooltip: l10n.t('Diagnose'),
    run: () => runCommand('zeyos.diagnose', { instance: platform.href }),
  };
  return {
    message: describeFailure(error, platform),
    buttons: isStorageFailure(error) ? [...buttons, diagnose] : buttons,
  };
}
