import * as vscode from 'vscode';
import type { Part } from '../../base/part';
import { mcpEnabled } from '../../editor/configuration';
import { CONFIGURATION } from '../../manifest';
import type { Agents } from './agents';

/** Loads the offer to agents as soon as the setting enables it. */
export function startAgents(agents: Part<Agents>): vscode.Disposable {
  if (mcpEnabled()) void agents.get();
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${CONFIGURATION}.mcp`))
      void agents.get().then((loaded) => loaded.onDidChangeSettings());
  });
}
