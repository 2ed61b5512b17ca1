import * as l10n from '@vscode/l10n';
import type { AccessToken } from '../session/session';
import type { Revocations } from '../session/revocations';
import type { Tokens } from '../session/tokens';
import type { Answer } from '../zeyos/authV1';
import { OAuthError } from '../zeyos/errors';
import type { TokenResponse } from '../zeyos/messages';
import type { PlatformUrl } from '../zeyos/platform';
import { describeFailure } from './failure';
import { BACK, input, type InputOptions } from './prompts';
import type { Step, StepOutcome } from './steps';

/** What the user has answered so far. */
export interface PasswordSignInState {
  platform: PlatformUrl | undefined;
  userName: string;
  password: string;
  needsOneTimeCode: boolean;
  answer: Answer<TokenResponse> | undefined;
}

/** User name, password, and the one-time code when the server asks for it. A refused answer is corrected where it was given. */
export function passwordSteps(state: PasswordSignInState, seams: { tokens: Tokens; revocations: Revocations; totalSteps: number }): readonly Step[] {
  const ask = async (options: Omit<InputOptions, 'title' | 'totalSteps'>, keep: (value: string) => void): Promise<StepOutcome> => {
    const title = l10n.t('Sign in to {0}', state.platform?.instance ?? 'ZeyOS');
    const value = await input({ ...options, title, totalSteps: Math.max(seams.totalSteps, options.step ?? 0) });
    if (value === BACK) return 'back';
    keep(value);
    return 'done';
  };

  const submit = async (oneTimeCode: string | undefined, password: string, dismissed: AbortSignal): Promise<string | undefined> => {
    const { platform, userName } = state;
    if (!platform) return undefined;
    try {
      // Not aborted when the user leaves: the server may have issued a token by then, and only its answer can be revoked.
      const answer = await seams.tokens.request(platform, { username: userName, password, ...(oneTimeCode !== undefined && { oneTimeCode }) });
      if (dismissed.aborted) void seams.revocations.discard(platform, { userName }, accessTokenOf(answer));
      state.answer = answer;
    } catch (error) {
      if (error instanceof OAuthError && error.requiresOneTimeCode && oneTimeCode === undefined) state.needsOneTimeCode = true;
      else return describeFailure(error, platform);
    }
    return undefined;
  };

  return [
    ({ canGoBack, number: step }) =>
      ask(
        { prompt: l10n.t('User name on {0}', String(state.platform)), value: state.userName, validate: validateUserName, canGoBack, step },
        (userName) => (state.userName = userName.trim()),
      ),
    ({ canGoBack, number: step }) => {
      state.needsOneTimeCode = false;
      return ask(
        {
          prompt: l10n.t('Password of {0}. It is sent to {1} only.', state.userName, String(state.platform)),
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
          prompt: l10n.t('One-time code of {0}. It is sent to {1} only.', state.userName, String(state.platform)),
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

/** A token with the expiry that came with it; an introspection may tell one where this has none. */
export function accessTokenOf({ value, sentAt }: Answer<TokenResponse>): AccessToken {
  return { value: value.access_token, issuedAt: sentAt, ...(value.expires_in !== undefined && { expiresAt: sentAt + value.expires_in * 1000 }) };
}

function validateUserName(text: string): string | undefined {
  if (!text.trim()) return l10n.t('Enter the user name.');
  if (text.includes(':')) return l10n.t('A user name cannot contain a colon.');
  if (/\p{Cc}/u.test(text)) return l10n.t('A user name cannot contain control characters.');
  return undefined;
}
