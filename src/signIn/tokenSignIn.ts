import * as l10n from '@vscode/l10n';
import { isB64Token } from '../zeyos/messages';
import { BACK, input, type Refusal } from './prompts';
import { promptRefusal } from './promptRefusal';
import type { SignInServices, SignInState } from './signInState';
import type { Step } from './steps';

/** How long a pasted token may take to be recognised on one of three surfaces, in milliseconds. */
const IDENTIFY_MS = 30_000;

/** A token that the user issued in ZeyOS, under "Credentials and Security": it is checked before it is kept. */
export function tokenStep(state: SignInState, { tokens }: SignInServices): Step {
  const submit = async (token: string, dismissed: AbortSignal): Promise<string | Refusal | undefined> => {
    const { instance } = state;
    if (!instance) return undefined;
    try {
      const answer = await tokens.introspectForeign(instance.platform, token, AbortSignal.any([dismissed, AbortSignal.timeout(IDENTIFY_MS)]));
      if (!answer.value.active) return l10n.t('{0} does not accept this token. Issue a new one there, and paste all of it.', instance.platform.label);
      state.tokens = { surface: answer.surface, accessToken: { value: token, issuedAt: answer.sentAt } };
      state.introspection = answer;
      return undefined;
    } catch (error) {
      return promptRefusal(error, instance.platform);
    }
  };

  return async ({ canGoBack }) => {
    const value = await input({
      title: l10n.t('Sign in to {0}', state.instance?.platform.instance ?? 'ZeyOS'),
      prompt: l10n.t('A token from "Credentials and Security" in ZeyOS. It is sent to {0} only.', String(state.instance?.platform)),
      password: true,
      validate: (token) => (isB64Token(token.trim()) ? undefined : l10n.t('This is not a token. A token contains no spaces or special characters.')),
      submit: (token, dismissed) => submit(token.trim(), dismissed),
      canGoBack,
    });
    return value === BACK ? 'back' : 'done';
  };
}
