import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { callbackPage } from './callbackPage';
import type { CallbackPages } from './callbackServer';

export function callbackPages(platform: PlatformUrl): CallbackPages {
  const text = { title: l10n.t('Sign in to {0}', platform.label), language: vscode.env.language };
  return {
    success: callbackPage(
      {
        ...text,
        heading: l10n.t('Back to the editor'),
        message: l10n.t(
          '{0} accepted your sign-in; the editor is completing it. You can close this tab.',
          platform.label,
        ),
      },
      'success',
    ),
    failure: callbackPage(
      {
        ...text,
        heading: l10n.t('Not signed in'),
        message: l10n.t(
          '{0} did not accept your sign-in; the editor shows why. You can close this tab.',
          platform.label,
        ),
      },
      'failure',
    ),
  };
}
