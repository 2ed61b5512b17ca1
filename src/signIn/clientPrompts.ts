import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { ClientSecrets } from '../session/storage/clientSecrets';
import { isClientId } from '../session/model/instance';
import { BACK, input, type PromptButton } from '../dialog/prompts';
import { callbackUri } from './browser/callbackUri';
import { chosenInstance, signInTitle, type SignInState } from './signInState';
import type { Step } from './steps';

/** Asks for the application's identifier, unless the setting has it, and for its secret, once. */
export function clientSteps(state: SignInState, clientSecrets: ClientSecrets): readonly Step[] {
  let wasAsked = false;
  return [
    async ({ canGoBack, isReturn }) => {
      const instance = chosenInstance(state);
      if (instance.clientId !== undefined) {
        state.clientId = instance.clientId;
        return 'skipped';
      }
      if (!wasAsked && !isReturn && isClientId(state.clientId)) return 'done';
      wasAsked = true;
      const redirectUri = callbackUri(instance.redirectPort);
      const value = await input({
        title: signInTitle(state),
        prompt: l10n.t(
          'Client ID of the application registered in ZeyOS for this editor, with the redirect URI {0}',
          redirectUri,
        ),
        value: state.clientId,
        invisible: 'remove',
        validate: (text) => (isClientId(text) ? undefined : l10n.t('This is not a valid client ID.')),
        buttons: [copyButton(l10n.t('Copy Redirect URI'), redirectUri)],
        canGoBack,
      });
      if (value === BACK) return BACK;
      state.clientId = value;
      return 'done';
    },
    async ({ canGoBack, isReturn }) => {
      const instance = chosenInstance(state);
      const { clientId, clientProblem } = state;
      const known = await clientSecrets.get(instance.platform, clientId);
      state.clientSecret = known?.clientSecret ?? '';
      if (known && !isReturn) return 'done';
      state.clientProblem = undefined;
      const redirectUri = callbackUri(instance.redirectPort);
      const value = await input({
        title: signInTitle(state),
        prompt: l10n.t(
          'Client secret for client ID {0}, with the redirect URI {1}. It is sent to {2} only.',
          clientId,
          redirectUri,
          instance.platform.href,
        ),
        password: true,
        // RFC 6749 appendix A.2 allows visible ASCII characters and blanks.
        invisible: 'remove',
        ...(clientProblem !== undefined && { problem: clientProblem }),
        validate: requireClientSecret,
        buttons: [copyButton(l10n.t('Copy Redirect URI'), redirectUri)],
        canGoBack,
      });
      if (value === BACK) return BACK;
      state.clientSecret = value;
      return 'done';
    },
  ];
}

export function requireClientSecret(text: string): string | undefined {
  return text ? undefined : l10n.t('Enter the client secret.');
}

export function copyButton(tooltip: string, text: string): PromptButton {
  return { icon: 'copy', tooltip, run: () => vscode.env.clipboard.writeText(text) };
}
