import * as l10n from '@vscode/l10n';
import { isB64Token } from '../zeyos/messages';
import { BACK, input, type Refusal } from '../dialog/prompts';
import { promptRefusal } from '../dialog/failure/promptRefusal';
import { chosenInstance, signInTitle, type SignInServices, type SignInState } from './signInState';
import type { Step } from './steps';
import { within } from '../base/deadline';

/** How long identifying a pasted token may take over all three APIs. */
const IDENTIFY_MS = 30_000;

/**
 * Asks for a token that the user issued in ZeyOS under "Credentials and Security". It is checked before it is stored.
 */
export function tokenStep(state: SignInState, { tokenRequests, clock }: SignInServices): Step {
  const submit = async (token: string, dismissed: AbortSignal): Promise<Refusal | undefined> => {
    const { platform } = chosenInstance(state);
    try {
      const answer = await within({ clock, ms: IDENTIFY_MS, signal: dismissed }, (signal) =>
        tokenRequests.introspectForeign(platform, token, signal),
      );
      if (!answer.value.active)
        return {
          message: l10n.t(
            '{0} does not accept this token. Issue a new one there, and paste all of it.',
            platform.label,
          ),
        };
      state.tokens = { api: answer.api, accessToken: { value: token, issuedAt: answer.sentAt } };
      state.introspection = answer;
      return undefined;
    } catch (error) {
      return promptRefusal(error, platform);
    }
  };

  return async ({ canGoBack }) => {
    const value = await input({
      title: signInTitle(state),
      prompt: l10n.t(
        'A token from "Credentials and Security" in ZeyOS. It is sent to {0} only.',
        chosenInstance(state).platform.href,
      ),
      password: true,
      invisible: 'remove',
      validate: (token) =>
        isB64Token(token)
          ? undefined
          : l10n.t('This is not a token. A token contains no spaces or special characters.'),
      submit,
      canGoBack,
    });
    return value === BACK ? BACK : 'done';
  };
}
