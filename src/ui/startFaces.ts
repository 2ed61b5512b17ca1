import * as vscode from 'vscode';
import type { Part } from '../base/part';
import type { InitialServices } from '../initialServices';
import type { Agents } from './agents/agents';
import { startAgents } from './agents/startAgents';
import { loadAtFirstSign } from './notices/noticeSigns';
import { ContextKeys } from './status/contextKeys';
import { showAccounts } from './view/accountsView';

/** Loads what the state of the window demands. */
export function startFaces(
  initial: InitialServices,
  {
    agents,
    notices,
    version,
  }: { readonly agents: Part<Agents>; readonly notices: Part<object>; readonly version: string },
): vscode.Disposable {
  const { instances } = initial.instances;
  initial.log.info(`ZeyOS Authentication ${version}, editor ${vscode.version}, ${instances.length} instances`);
  return vscode.Disposable.from(
    showAccounts(initial),
    new ContextKeys(initial.store, initial.instances, initial.clock),
    startAgents(agents),
    loadAtFirstSign(initial, () => notices.get()),
  );
}
