import type * as vscode from 'vscode';
import type { InstanceStore } from './session/storage/instanceStore';
import type { RefusedTokens } from './session/tokens/refusedTokens';
import type { SessionStore } from './session/storage/sessionStore';
import { instanceInfo, type InstanceInfo } from './session/model/instance';

/** What `vscode.extensions.getExtension('zeyos.zeyos-auth').exports` is to other extensions. No tokens: those come from `vscode.authentication`. */
export interface ZeyosAuthApi {
  readonly apiVersion: 1;
  readonly instances: readonly InstanceInfo[];
  readonly activeInstance: InstanceInfo | undefined;
  readonly onDidChangeActiveInstance: vscode.Event<void>;
  /**
   * Reports that ZeyOS refused this session's token (401). Resolves to whether it is still good; if not, the session has
   * ended. Rejects while the server cannot be reached. Reports within a minute get the same answer.
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
        const { InstanceFailure } = await import('./dialog/instanceFailure.js');
        throw new InstanceFailure(stored.platform, error);
      }
    },
  } satisfies ZeyosAuthApi);
}
