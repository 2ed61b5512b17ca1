import type * as vscode from 'vscode';
import type { InstanceStore } from './session/storage/instanceStore';
import type { RefusedTokens } from './session/tokens/refusedTokens';
import type { SessionStore } from './session/storage/sessionStore';
import { instanceInfo, type InstanceInfo } from './session/model/instance';

/**
 * The exports of this extension for other extensions. They contain no token: tokens come from `vscode.authentication`.
 */
export interface ZeyosAuthApi {
  readonly apiVersion: 1;
  readonly instances: readonly InstanceInfo[];
  readonly activeInstance: InstanceInfo | undefined;
  readonly onDidChangeActiveInstance: vscode.Event<void>;
  /**
   * Reports that ZeyOS rejected this session's access token with 401. Resolves to `true` if the session continues,
   * perhaps with a new token, and to `false` if it has ended. Reports of one token within a minute get the same answer.
   * @throws if the server cannot be reached, or the secret storage cannot be read
   */
  reportRefused(sessionId: string): Promise<boolean>;
}

export function createApi({
  instances,
  store,
  refusedTokens,
}: {
  instances: InstanceStore;
  store: SessionStore;
  refusedTokens: Pick<RefusedTokens, 'report'>;
}): ZeyosAuthApi {
  return Object.freeze({
    apiVersion: 1,
    get instances() {
      return instances.instances.map(instanceInfo);
    },
    get activeInstance() {
      return instances.active && instanceInfo(instances.active);
    },
    onDidChangeActiveInstance: (listener, thisArgs, disposables) => {
      const subscription = instances.onDidChangeActive(() => void listener.call(thisArgs));
      disposables?.push(subscription);
      return subscription;
    },
    async reportRefused(sessionId) {
      try {
        return await refusedTokens.report(sessionId);
      } catch (error) {
        const stored = store.find(sessionId);
        if (!stored) throw error;
        const { InstanceFailure } = await import('./dialog/failure/instanceFailure.js');
        throw new InstanceFailure(stored.platform, error);
      }
    },
  } satisfies ZeyosAuthApi);
}
