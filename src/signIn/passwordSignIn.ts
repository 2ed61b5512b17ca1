import * as l10n from '@vscode/l10n';
import { identityOf } from '../session/accounts';
import { OAuthError } from '../zeyos/errors';
import { BACK, input, type InputOptions, type Refusal } from './prompts';
import { promptRefusal } from './promptRefusal';
import type { SignInRequest, SignInServices, SignInState } from './signInState';
import type { Step, StepOutcome } from './steps';

/** In characters; the prompt for the password shows all of it. */
const LONGEST_USER_NAME = 200;

/** User name, password, and the one-time code when the server asks for it. A refused answer is corrected where it was given. */
export function passwordSteps(state: SignInState, { isOnlyFor = false }: SignInRequest, { tokens, revocations, staySignedIn }: SignInServices): readonly Step[] {
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
      const { value, told } = await tokens.requestByPassword(platform, { username: userName, password, ...(oneTimeCode !== undefined && { oneTimeCode }) });
      if (dismissed.aborted) void revocations.discard(platform, identityOf(told, userName), value);
      // With a one-time code, the password alone would renew nothing.
      state.tokens = staySignedIn() && oneTimeCode === undefined ? { ...value, password } : value;
      state.told = told;
      return undefined;
    } catch (error) {
      if (!(error instanceof OAuthError)) return promptRefusal(error, platform);
      if (error.requiresOneTimeCode && oneTimeCode === undefined) {
        state.needsOneTimeCode = true;
        return undefined;
      }
      if (!error.refusesCredentials) return promptRefusal(error, platform);
      return { message: l10n.t('{0} did not accept this user name and password. Correct them and try again.', platform.label), buttons: [] };
    }
  };

  // Whoever gave it in an argument may have given anything.
  let isKnown = validateUserName(state.userName) === undefined;
  const platformText = (): string => String(state.instance?.platform);
  return [
    async ({ canGoBack, isReturn }) => {
      if (isOnlyFor) return 'skipped';
      if (isKnown && !isReturn) return 'known';
      isKnown = false;
      return ask(
        { prompt: l10n.t('User name on {0}', platformText()), value: state.userName, validate: validateUserName, canGoBack },
        (userName) => (state.userName = userName.trim()),
      );
    },
    ({ canGoBack }) => {
      state.needsOneTimeCode = false;
      return ask(
        {
          prompt: l10n.t('Password for {0}. It is sent to {1} only.', state.userName, platformText()),
          password: true,
          validate: (password) => (password ? undefined : l10n.t('Enter the password.')),
          submit: (password, dismissed) => submit(undefined, password, dismissed),
          canGoBack,
        },
        (password) => (state.password = password),
      );
    },
    async ({ canGoBack }) => {
      if (!state.needsOneTimeCode) return 'skipped';
      return ask(
        {
          prompt: l10n.t('One-time code for {0}. It is sent to {1} only.', state.userName, platformText()),
          validate: (code) => (code.trim() ? undefined : l10n.t('Enter the one-time code.')),
          submit: (code, dismissed) => submit(code.trim(), state.password, dismissed),
          canGoBack,
        },
        () => undefined,
      );
    },
  ];
}

function validateUserName(text: string): string | undefined {
  if (!text.trim()) return l10n.t('Enter the user name.');
  if (text.length > LONGEST_USER_NAME) return l10n.t('This user name is too long.');
  if (text.includes(':')) return l10n.t('A user name cannot contain a colon.');
  if (/[\p{Cc}\p{Cf}]/u.test(text)) return l10n.t('A user name cannot contain control characters.');
  return undefined;
}
