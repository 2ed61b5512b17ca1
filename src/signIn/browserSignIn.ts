import { setTimeout as delay } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { identityOf } from '../session/accounts';
import type { ClientSecrets } from '../session/clientSecrets';
import type { Instance } from '../session/instance';
import type { Log } from '../zeyos/log';
import { CallbackServer } from '../zeyos/callbackServer';
import { OAuthError, TimeoutError } from '../zeyos/errors';
import { authorizationRequest, type AuthorizationRequest } from '../zeyos/oauth2';
import { parseRedirect, RedirectMismatchError } from '../zeyos/redirect';
import { callbackPages } from './callbackPages';
import { copyButton, redirectUriOf } from './clientPrompts';
import { StorageError } from './failure';
import { ALTERNATIVE, BACK, input, type Refusal } from './prompts';
import { promptRefusal } from './promptRefusal';
import type { SignInServices, SignInState } from './signInState';
import type { Step } from './steps';

/** How long the user has for the browser, in milliseconds. */
const PATIENCE_MS = 5 * 60_000;

export interface BrowserSignInServices extends SignInServices {
  readonly clientSecrets: ClientSecrets;
  readonly log: Log;
}

/** Waits for the browser to come back (RFC 8252), or for the address that it ended on to be pasted. */
export function browserStep(state: SignInState, services: BrowserSignInServices): Step {
  return async ({ canGoBack }) => {
    const { instance } = state;
    if (!instance) return 'skipped';
    const request = authorizationRequest(instance.platform, state.clientId, redirectUriOf(instance));
    const server = await listen(instance, request, services.log);
    const ended = new AbortController();
    try {
      void openBrowser(request);
      const value = await input({
        title: l10n.t('Sign in to {0} in the browser', instance.platform.instance),
        prompt: server
          ? l10n.t('Waiting for {0} in the browser. If the browser cannot return here, paste the redirected URL instead: the address of the page where it ends up.', instance.platform.href)
          : l10n.t('Port {0} is in use by another program, so the browser cannot return here. Sign in there, then paste the redirected URL: the address of the page where it ends up.', instance.redirectPort),
        placeholder: l10n.t('Paste the redirected URL instead: {0}', `${request.redirectUri}?code=…`),
        isWaiting: server !== undefined,
        arriving: Promise.race([...(server ? [server.result.then(({ code }) => redirected(request, code))] : []), patience(ended.signal)]),
        submit: (address, dismissed) => exchange(address, request, instance, dismissed),
        buttons: [
          { icon: 'link-external', tooltip: l10n.t('Open Browser Again'), run: () => openBrowser(request) },
          copyButton(l10n.t('Copy Sign-In URL'), request.url),
        ],
        alternative: l10n.t('Sign In Another Way'),
        canGoBack,
      });
      if (value === ALTERNATIVE) {
        state.wantsAnotherWay = true;
        return 'restart';
      }
      return value === BACK ? 'back' : 'done';
    } finally {
      ended.abort();
      void server?.close();
    }
  };

  async function exchange(address: string, request: AuthorizationRequest, { platform }: Instance, dismissed: AbortSignal): Promise<string | Refusal | undefined> {
    const client = { clientId: state.clientId, clientSecret: state.clientSecret };
    try {
      const { code } = parseRedirect(address.trim(), request);
      // Before there are tokens that would be lost with it.
      await services.clientSecrets.store(platform.href, client).catch((cause: unknown) => {
        throw new StorageError('keep', { cause });
      });
      // Not aborted when the user leaves: only the tokens of its answer can be revoked.
      const { value, told } = await services.tokens.requestByCode(platform, client, request, code);
      if (dismissed.aborted) void services.revocations.discard(platform, identityOf(told), value);
      state.tokens = value;
      state.told = told;
      return undefined;
    } catch (error) {
      if (error instanceof RedirectMismatchError) return l10n.t('This is not the address where the browser ended up. Paste the complete address, beginning with {0}.', request.redirectUri);
      if (error instanceof OAuthError && error.endsSession) return l10n.t('{0} no longer accepts this sign-in: it took too long, or was used before. Go back and sign in again.', platform.label);
      if (error instanceof OAuthError && error.refusesClient) await services.clientSecrets.deleteRefused(platform.href, client);
      return promptRefusal(error, platform);
    }
  }
}

/** `undefined`: the port is taken, or cannot be had. */
async function listen(instance: Instance, { state }: AuthorizationRequest, log: Log): Promise<CallbackServer | undefined> {
  try {
    return await CallbackServer.listen({ port: instance.redirectPort, state, pages: callbackPages(instance.platform) });
  } catch (error) {
    log.warn(`cannot wait for the browser: ${(error as Error).message}`);
    return undefined;
  }
}

/** As a string: a `Uri` would be decoded on its way, and the redirect URI in it fall apart. */
function openBrowser({ url }: AuthorizationRequest): Thenable<boolean> {
  return vscode.env.openExternal(url as unknown as vscode.Uri);
}

/** The address that the browser was sent to, as it would be pasted. */
function redirected({ redirectUri, state }: AuthorizationRequest, code: string): string {
  return `${redirectUri}?${new URLSearchParams({ code, state }).toString()}`;
}

async function patience(signal: AbortSignal): Promise<never> {
  await delay(PATIENCE_MS, undefined, { signal });
  throw new TimeoutError(PATIENCE_MS);
}
