import * as l10n from '@vscode/l10n';
import { OAuthError } from '../zeyos/errors';
import { BACK, input, type InputOptions, type Refusal } from './prompts';
import { refusal } from './refusal';
import type { SignInSeams, SignInState } from './signInState';
import type { Step, StepOutcome } from './steps';

/** User name, password, and the one-time code when the server asks for it. A refused answer is corrected where it was given. */
export function passwordSteps(state: SignInState, { tokens, revocations, staySignedIn }: SignInSeams): readonly [userName: Step, password: Step, oneTimeCode: Step] {
  const ask = async (options: Omit<InputOptions, 'title'>, keep: (value: string) => void): Promise<StepOutcome> => {
    const value = await input({ ...options, title: l10n.t('Sign in to {0}', state.instance?.platform.instance ?? 'ZeyOS') });
    if (value === BACK) return 'back';
    keep(value);
    return 'done';
  };

  const submit = async (oneTimeCode: string | undefined, password: string, dismissed: AbortSignal): Promise<Refusal | undefined> => {
    const { userName } = state;
    const platform = state.instance?.platform;
    if (!platform) return undefined;
    try {
      // Not aborted when the user leaves: the server may have issued a token by then, and only its answer can be revoked.
      const { value } = await tokens.requestByPassword(platform, { username: userName, password, ...(oneTimeCode !== undefined && { oneTimeCode }) });
      if (dismissed.aborted) void revocations.discard(platform, { userName }, value);
      // With a one-time code, the password alone would renew nothing.
      state.tokens = staySignedIn() && oneTimeCode === undefined ? { ...value, password } : value;
    } catch (error) {
      if (error instanceof OAuthError && error.requiresOneTimeCode && oneTimeCode === undefined) state.needsOneTimeCode = true;
      else return refusal(error, platform);
    }
    return undefined;
  };

  const platformText = (): string => String(state.instance?.platform);
  return [
    ({ canGoBack, number: step }) =>
      ask(
        { prompt: l10n.t('User name on {0}', platformText()), value: state.userName, validate: validateUserName, canGoBack, step },
        (userName) => (state.userName = userName.trim()),
      ),
    ({ canGoBack, number: step }) => {
      state.needsOneTimeCode = false;
      return ask(
        {
          prompt: l10n.t('Password of {0}. It is sent to {1} only.', state.userName, platformText()),
          password: true,
          validate: (password) => (password ? undefined : l10n.t('Enter the password.')),
          submit: (password, dismissed) => submit(undefined, password, dismissed),
          canGoBack,
          step,
        },
        (password) => (state.password = password),
      );
    },
    async ({ canGoBack, number: step }) => {
      if (!state.needsOneTimeCode) return 'skipped';
      return ask(
        {
          prompt: l10n.t('One-time code of {0}. It is sent to {1} only.', state.userName, platformText()),
          validate: (code) => (code.trim() ? undefined : l10n.t('Enter the one-time code.')),
          submit: (code, dismissed) => submit(code.trim(), state.password, dismissed),
          canGoBack,
          step,
        },
        () => undefined,
      );
    },
  ];
}

function validateUserName(text: string): string | undefined {
  if (!text.trim()) return l10n.t('Enter the user name.');
  if (text.includes(':')) return l10n.t('A user name cannot contain a colon.');
  if (/\p{Cc}/u.test(text)) return l10n.t('A user name cannot contain control characters.');
  return undefined;
}
