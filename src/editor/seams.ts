import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Seams } from '../services';
import { lazy } from '../base/lazy';
import type { GroupedLog } from '../base/log';
import { checkIntervalMs, expiryWarningMs, networkSettings, staySignedIn } from './configuration';
import { instancesSetting } from './instancesSetting';
import { systemClock } from '../base/clock';

export function editorSeams(context: vscode.ExtensionContext, log: GroupedLog): Seams {
  const leases = join(context.globalStorageUri.fsPath, 'leases');
  // A window that only reads takes no lease and no turn.
  const turn = lazy(async () => new (await import('../base/turn.js')).FileTurn(leases, systemClock));
  return {
    // Looked up at each call, because the editor replaces `fetch` by one that uses its proxy and certificates.
    fetch: (url, init) => globalThis.fetch(url, init),
    clock: systemClock,
    log,
    secrets: context.secrets,
    memento: context.globalState,
    workspace: context.workspaceState,
    settings: { instances: instancesSetting, network: networkSettings, expiryWarningMs, checkIntervalMs, staySignedIn },
    lease: (name) => {
      const lease = lazy(async () => {
        const { FileLease } = await import('../base/fileLease.js');
        return new FileLease(leases, name, { clock: systemClock, log });
      });
      return { hold: async (work) => (await lease()).hold(work) };
    },
    turn: { take: async (name, everyMs) => (await turn()).take(name, everyMs) },
    isFocused: () => vscode.window.state.focused,
    machineId: `${vscode.env.machineId} ${vscode.env.uriScheme}`,
    editorStart: editorStart(),
  };
}

/** All windows of a local editor share a main process; elsewhere, each window counts as a start of its own. */
function editorStart(): string {
  const mainProcess = vscode.env.remoteName === undefined ? process.env['VSCODE_PID'] : undefined;
  return mainProcess ?? vscode.env.sessionId;
}
