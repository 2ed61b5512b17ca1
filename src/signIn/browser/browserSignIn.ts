import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { namesUser, identityOf } from '../../session/model/accounts';
import type { Instance } from '../../session/model/instance';
import type { InstanceStore } from '../../session/storage/instanceStore';
import type { UnusedClientSecrets } from '../../session/upkeep/unusedClientSecrets';
import type { Log } from '../../base/log';
import type { CallbackServer } from './callbackServer';
import type { CallbackServers } from './callbackServers';
import { OAuthError } from '../../zeyos/errors';
import { authorizationRequest, type AuthorizationRequest } from '../../zeyos/oauth2';
import { parseRedirect, RedirectMismatchError } from '../../zeyos/redirect';
import { callbackPages } from './callbackPages';
import { copyButton } from '../clientPrompts';
import { callbackUri } from './callbackUri';
import { SignInError, StorageError } from '../../dialog/failure/errors';
import { describeFailure } from '../../dialog/failure/failure';
import { withProductionMark } from '../../dialog/productionMark';
import { ALTERNATIVE, BACK, input, type PromptButton, type Refusal } from '../../dialog/prompts';
import { promptRefusal } from '../../dialog/failure/promptRefusal';
import { describePortProblem } from './portProblem';
import { instancesSetting } from '../../dialog/failure/remedy';
import { chosenInstance, type SignInServices, type SignInState } from '../signInState';
import type { Step, StepOutcome } from '../steps';

/** How long the user has for the browser. */
const PATIENCE_MS = 5 * 60_000;

interface BrowserSignInServices extends SignInServices {
  readonly callbackServers: CallbackServers;
  readonly instances: InstanceStore;
  readonly unusedSecrets: UnusedClientSecrets;
  readonly log: Log;
}

/** Waits for the browser's redirect (RFC 8252), or for its address to be pasted. */
export function browserStep(state: SignInState, services: BrowserSignInServices): Step {
  const { clock } = services;
  return async ({ canGoBack }) => {
    for (;;) {
      const outcome = await attempt(canGoBack);
      if (outcome !== 'again') return outcome;
    }
  };

  /**
   * One `state`, one listener, and one code that the server takes once.
   * @returns `again` if the user opens the browser again and this attempt cannot be completed
   */
  async function attempt(canGoBack: boolean): Promise<StepOutcome | 'again'> {
    const chosen = chosenInstance(state);
    // The setting is read again, because the user may have set another port.
    const instance = services.instances.find(chosen.platform) ?? chosen;
    const request = authorizationRequest(instance.platform, state.clientId, callbackUri(instance.redirectPort));
    const { server, problem } = await listen(instance, request, services);
    const over = new AbortController();
    const patience = clock.at(clock.now() + PATIENCE_MS, () =>
      over.abort(new SignInError({ reason: 'browserTimeout', afterMs: PATIENCE_MS })),
    );
    let isSpent = false;
    let startsOver = false;
    const startOver = (): void => {
      startsOver = true;
      over.abort(new vscode.CancellationError());
    };
    try {
      void openBrowser(request);
      const value = await input({
        title: withProductionMark(l10n.t('Sign in to {0} in the browser', instance.platform.instanceName), instance),
        prompt:
          problem ??
          l10n.t(
            'Waiting for {0} in the browser. If the browser cannot return here, paste the redirected URL instead: the address of the page where it ends up.',
            instance.platform.href,
          ),
        placeholder: l10n.t('Paste the redirected URL instead: {0}', `${request.redirectUri}?code=…`),
        invisible: 'remove',
        isWaiting: () => server !== undefined && !isSpent,
        ...(server && { arriving: arrival(server, request) }),
        signal: over.signal,
        submit: async (address, dismissed) => {
          const code = codeOf(address, request, instance);
          if (typeof code !== 'string') return code;
          isSpent = true;
          // The user pasted the address, so a later redirect is of no use.
          if (!server?.hasRedirect) void server?.close();
          return exchange(code, request, instance, dismissed).catch((error: unknown) => {
            if (dismissed.aborted) return undefined;
            if (!(error instanceof OAuthError && error.rejectsClient)) {
              const refusal = promptRefusal(error, instance.platform);
              return { ...refusal, message: l10n.t('{0} "Open Browser Again" starts over.', refusal.message) };
            }
            state.clientProblem = describeFailure(error, instance.platform);
            return BACK;
          });
        },
        buttons: [
          ...(problem === undefined ? [] : [openInstancesSetting()]),
          {
            icon: 'link-external',
            tooltip: l10n.t('Open Browser Again'),
            run: () => (isSpent || !server ? startOver() : openBrowser(request)),
          },
          copyButton(l10n.t('Copy Sign-In URL'), request.url),
        ],
        alternative: l10n.t('Sign In Another Way'),
        canGoBack,
      });
      if (value === ALTERNATIVE) {
        state.wantsAnotherWay = true;
        return 'restart';
      }
      return value === BACK ? BACK : 'done';
    } catch (error) {
      if (startsOver) return 'again';
      throw error;
    } finally {
      patience.dispose();
      if (server) await services.callbackServers.release(server);
    }
  }

  /** @throws the server's error, or why it did not answer; or {@link StorageError} */
  async function exchange(
    code: string,
    request: AuthorizationRequest,
    { platform }: Instance,
    dismissed: AbortSignal,
  ): Promise<Refusal | undefined> {
    const client = { clientId: state.clientId, clientSecret: state.clientSecret };
    // The client secret is stored first: if that fails, there are no tokens to lose.
    await services.clientSecrets.store(platform, client).catch((cause: unknown) => {
      throw new StorageError('keep', { cause });
    });
    try {
      // The request is not aborted when the user leaves: only its answer allows revoking the issued tokens.
      const { value, claims } = await services.tokenRequests.exchangeCode(platform, client, request, code);
      if (dismissed.aborted) {
        void services.revocations
          .discard(platform, identityOf(claims), value, namesUser(claims))
          .then(() => services.unusedSecrets.delete(platform, [client.clientId]));
        return undefined;
      }
      state.tokens = value;
      state.claims = claims;
      return undefined;
    } catch (error) {
      if (error instanceof OAuthError && error.rejectsClient)
        await services.clientSecrets.deleteRejected(platform, client);
      // The next attempt stores the client secret again.
      else await services.unusedSecrets.delete(platform, [client.clientId]);
      if (error instanceof OAuthError && error.endsSession)
        return {
          message: l10n.t(
            '{0} no longer accepts this sign-in: it took too long, or was used before. Open the browser again.',
            platform.label,
          ),
        };
      throw error;
    }
  }
}

/**
 * Resolves to the redirect's address in the form in which a user would paste it. Never settles if the listener is
 * closed before.
 */
async function arrival(server: CallbackServer, request: AuthorizationRequest): Promise<string> {
  try {
    const { code } = await server.result;
    return `${request.redirectUri}?${new URLSearchParams({ code, state: request.state }).toString()}`;
  } catch (error) {
    // The user pasted another address, or the window closes.
    if (error instanceof DOMException && error.name === 'AbortError') return new Promise<never>(() => undefined);
    throw error;
  }
}

function codeOf(address: string, request: AuthorizationRequest, { platform }: Instance): string | Refusal {
  try {
    return parseRedirect(address, request).code;
  } catch (error) {
    if (error instanceof RedirectMismatchError && error.problem !== 'issuer')
      return {
        message: l10n.t(
          'This is not the address where the browser ended up. Paste the complete address, beginning with {0}.',
          request.redirectUri,
        ),
      };
    return promptRefusal(error, platform);
  }
}

/** Resolves to a listener, or to a text that tells the user why there is none and what to do. */
async function listen(
  { redirectPort, platform }: Instance,
  { state }: AuthorizationRequest,
  { callbackServers, log }: BrowserSignInServices,
): Promise<{ readonly server?: CallbackServer; readonly problem?: string }> {
  try {
    return {
      server: await callbackServers.listen({ port: redirectPort, platform, state, pages: callbackPages(platform) }),
    };
  } catch (error) {
    log.warn(`cannot wait for the browser: ${(error as Error).message}`);
    const instead = l10n.t(
      'The browser cannot return here. Sign in there, then paste the redirected URL: the address of the page where it ends up. To let the browser return, set another "redirectPort" for this instance, and register it in ZeyOS.',
    );
    return { problem: `${describePortProblem(error, redirectPort)} ${instead}` };
  }
}

function openInstancesSetting(): PromptButton {
  const { label, open } = instancesSetting();
  return { icon: 'settings-gear', tooltip: label, run: open };
}

/** `Uri` would decode the URL and break the redirect URI in it. */
function openBrowser({ url }: AuthorizationRequest): Thenable<boolean> {
  return vscode.env.openExternal(url as unknown as vscode.Uri);
}
