import * as l10n from '@vscode/l10n';
import { identityOf } from '../session/model/accounts';
import { OAuthError } from '../zeyos/errors';
import { parseOneTimeCode } from '../zeyos/oneTimeCode';
import type { PlatformUrl } from '../zeyos/address/platform';
import { keepApplicationSecret } from './applicationSecret';
import { hasInvisible, withoutInvisible } from '../base/invisible';
import { BACK, input, type StepInputOptions, type Refusal } from '../dialog/prompts';
import { promptRefusal } from '../dialog/failure/promptRefusal';
import { chosenInstance, signInTitle, type SignInRequest, type SignInServices, type SignInState } from './signInState';
import type { Step, StepOutcome } from './steps';

/** In characters. The prompt for the password shows the whole user name. */
const LONGEST_USER_NAME = 200;

/**
 * Asks for the application secret or the one-time code only if the server demands it. A rejected value is corrected in
 * its prompt.
 */
export function passwordSteps(
  state: SignInState,
  { mustBeSameAccount = false }: SignInRequest,
  { passwordRequests, revocations, clientSecrets, savedPasswords }: SignInServices,
): readonly Step[] {
  const ask = async (options: Omit<StepInputOptions, 'title'>, keep: (value: string) => void): Promise<StepOutcome> => {
    const value = await input({ ...options, title: signInTitle(state) });
    if (value === BACK) return BACK;
    keep(value);
    return 'done';
  };

  const submit = async (
    oneTimeCode: string | undefined,
    password: string,
    dismissed: AbortSignal,
  ): Promise<Refusal | undefined> => {
    const { userName } = state;
    const { platform } = chosenInstance(state);
    try {
      // The request is not aborted when the user leaves: only its answer allows revoking the issued token.
      const { value, claims } = await passwordRequests.request(platform, {
        username: userName,
        password,
        ...(oneTimeCode !== undefined && { oneTimeCode }),
      });
      if (dismissed.aborted) {
        void revocations.discard(platform, identityOf(claims, userName), value);
        return undefined;
      }
      // With a one-time code, the password alone would renew nothing.
      state.savedPassword = oneTimeCode === undefined ? savedPasswords.savedPasswordFor(password) : undefined;
      state.tokens = value;
      state.claims = claims;
      return undefined;
    } catch (error) {
      // Another attempt may be running.
      if (dismissed.aborted) return undefined;
      if (!(error instanceof OAuthError)) return promptRefusal(error, platform);
      if (error.requiresOneTimeCode && oneTimeCode === undefined) {
        state.needsOneTimeCode = true;
        return undefined;
      }
      if (error.rejectsClient && passwordRequests.usesLegacyLogin(platform)) {
        // The next step asks for the application secret, unless this is a later step.
        state.needsApplicationSecret = oneTimeCode === undefined;
        return state.needsApplicationSecret ? undefined : { message: rejectedApplicationSecret(platform) };
      }
      if (!error.rejectsCredentials) return promptRefusal(error, platform);
      if (oneTimeCode !== undefined)
        return {
          message: l10n.t(
            '{0} did not accept the one-time code or the password. Enter the current code, or go back to correct the password.',
            platform.label,
          ),
        };
      return { message: await rejectedPassword(platform, password) };
    }
  };

  /** A server may not say which of several secrets is wrong. */
  const rejectedPassword = async (platform: PlatformUrl, password: string): Promise<string> =>
    passwordRequests.usesLegacyLogin(platform) && (await clientSecrets.getApplicationSecret(platform)) !== undefined
      ? l10n.t(
          '{0} did not accept this user name and password, or the saved application secret. Correct them and try again; the secret can be changed with "ZeyOS: Show Sessions".',
          platform.label,
        )
      : describeRejection(password, platform.label);

  let wasAsked = false;
  const address = (): string => chosenInstance(state).platform.href;
  return [
    async ({ canGoBack, isReturn }) => {
      if (mustBeSameAccount) return 'skipped';
      if (!wasAsked && !isReturn && isPlain(state)) return 'done';
      wasAsked = true;
      return ask(
        { prompt: l10n.t('User name on {0}', address()), value: state.userName, validate: validateUserName, canGoBack },
        (userName) => (state.userName = userName),
      );
    },
    ({ canGoBack }) => {
      state.needsOneTimeCode = false;
      state.needsApplicationSecret = false;
      return ask(
        {
          prompt: l10n.t('The password is sent to {0} only. User name: {1}', address(), state.userName),
          password: true,
          invisible: 'keep',
          validate: (password) => (password ? undefined : l10n.t('Enter the password.')),
          submit: (password, dismissed) => submit(undefined, password, dismissed),
          canGoBack,
        },
        (password) => (state.password = password),
      );
    },
    async ({ canGoBack }) => {
      if (!state.needsApplicationSecret) return 'skipped';
      const { platform } = chosenInstance(state);
      return ask(
        {
          prompt: l10n.t(
            '{0} asks for another application secret. Enter it, or leave it empty to sign in without one. It is sent to {0} only.',
            address(),
          ),
          password: true,
          invisible: 'remove',
          submit: async (secret, dismissed) => {
            try {
              await keepApplicationSecret(secret, platform, clientSecrets);
            } catch (error) {
              return promptRefusal(error, platform);
            }
            state.needsApplicationSecret = false;
            const refusal = await submit(undefined, state.password, dismissed);
            return state.needsApplicationSecret ? { message: rejectedApplicationSecret(platform) } : refusal;
          },
          canGoBack,
        },
        () => undefined,
      );
    },
    async ({ canGoBack }) => {
      if (!state.needsOneTimeCode) return 'skipped';
      return ask(
        {
          prompt: l10n.t('The one-time code is sent to {0} only. User name: {1}', address(), state.userName),
          invisible: 'remove',
          validate: (code) => (parseOneTimeCode(code) ? undefined : l10n.t('Enter the one-time code.')),
          submit: (code, dismissed) => submit(parseOneTimeCode(code), state.password, dismissed),
          canGoBack,
        },
        () => undefined,
      );
    },
  ];
}

function rejectedApplicationSecret(platform: PlatformUrl): string {
  return l10n.t('{0} does not accept the application secret. Check it in ZeyOS.', platform.label);
}

/** Blanks and invisible characters are sent as entered, but may come from pasting. */
function describeRejection(password: string, platformLabel: string): string {
  return hasInvisible(password) || withoutInvisible(password, 'atEnds') !== password
    ? l10n.t(
        '{0} did not accept this user name and password. The password contains an invisible character or a blank at one end, which was sent with it. Correct them and try again.',
        platformLabel,
      )
    : l10n.t('{0} did not accept this user name and password. Correct them and try again.', platformLabel);
}

/** A name from an argument may be a sentence that misleads the user in the next prompt. */
function isPlain({ userName, previousAccount }: SignInState): boolean {
  const isKnown =
    previousAccount !== undefined &&
    [previousAccount.account.userName, previousAccount.session?.login].includes(userName);
  return validateUserName(userName) === undefined && (isKnown || /^[\p{L}\p{N}._@+-]{1,64}$/u.test(userName));
}

function validateUserName(text: string): string | undefined {
  if (!text.trim()) return l10n.t('Enter the user name.');
  if (text.length > LONGEST_USER_NAME) return l10n.t('This user name is too long.');
  if (text.includes(':')) return l10n.t('A user name cannot contain a colon.');
  if (/[\p{Cc}\p{Cf}]/u.test(text)) return l10n.t('A user name cannot contain control characters.');
  return undefined;
}
