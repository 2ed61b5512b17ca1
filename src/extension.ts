import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { createApi, type ZeyosAuthApi } from './api';
import { startBackground } from './backgroundStart';
import { OperationLog } from './hiding/operationLog';
import { Shutdown } from './base/shutdown';
import { soon } from './base/soon';
import { ZeyosAuthenticationProvider } from './editor/authenticationProvider';
import { editorSeams } from './editor/seams';
import { API_COMMANDS, CONFIGURATION, PROVIDER, TERMINAL_PROFILE } from './manifest';
import { createParts } from './parts';
import { createInitialServices } from './initialServices';
import { registerCommands } from './ui/commands/commands';
import { registerDocuments } from './editor/registerDocuments';
import { startFaces } from './ui/startFaces';

/** It is at module level because the editor awaits `deactivate`, but not the disposal of subscriptions. */
const shutdown = new Shutdown();

/**
 * Takes the seams from the editor, builds what every window needs, and attaches the faces. `parts.ts` names what is
 * loaded later. The function is synchronous, so that the provider is registered before another extension asks for it.
 * What people see follows after it, so that other extensions need not wait for that.
 */
export function activate(context: vscode.ExtensionContext): ZeyosAuthApi {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const version = String((context.extension.packageJSON as { version: unknown }).version);
  const channel = vscode.window.createOutputChannel(PROVIDER.label, { log: true });
  const log = new OperationLog(channel);
  const seams = editorSeams(context, log);
  const initial = createInitialServices(seams);
  const { store, instances, firstRead } = initial;
  const documents = registerDocuments();
  const parts = createParts(seams, initial, { context, version, ...documents });
  const { services, background, notices, signIn, terminals, agents, commands } = parts;
  const provider = new ZeyosAuthenticationProvider({ ...initial, actions: parts.providerActions });
  const registration = vscode.authentication.registerAuthenticationProvider(PROVIDER.id, PROVIDER.label, provider, {
    supportsMultipleAccounts: true,
  });
  const report = async (sessionId: string): Promise<boolean> => (await services.get()).refusedTokens.report(sessionId);
  const api = createApi({ ...initial, refusedTokens: { report } });
  context.subscriptions.push(
    channel,
    registration,
    provider,
    documents.introspections,
    documents.reports,
    registerCommands({ ...initial, services: () => commands.get() }, () => channel.show()),
    vscode.window.registerTerminalProfileProvider(TERMINAL_PROFILE.id, {
      provideTerminalProfile: async () => (await terminals.get()).profile(),
    }),
    startBackground(initial, background, (error) => void notices.get().then((loaded) => loaded.unreadable(error))),
    soon(initial.clock, () => startFaces(initial, { ...parts, version })),
    shutdown.add(() => terminals.loaded?.terminals.closeAll()),
    shutdown.add(() => commands.loaded?.clipboard.clear()),
    shutdown.add(() => (services.loaded ?? initial).finish()),
    shutdown.add(() => signIn.loaded?.callbackServers.closeAll()),
    firstRead.onLate(() => void notices.get().then((loaded) => loaded.late())),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (!focused) return;
      provider.catchUp();
      if (background.loaded) background.loaded.onFocus();
      else store.catchUp(instances.activeAccount(store.accounts)?.id).catch(() => undefined);
      void commands.loaded?.clipboard.clearIfDue();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${CONFIGURATION}.staySignedIn`)) background.loaded?.onDidChangeStaySignedIn();
      if (event.affectsConfiguration(`${CONFIGURATION}.checkIntervalMinutes`))
        background.loaded?.onDidChangeCheckInterval();
    }),
    vscode.commands.registerCommand(API_COMMANDS.activeInstance, () => api.activeInstance),
    vscode.commands.registerCommand(API_COMMANDS.reportRefused, (sessionId: unknown) =>
      api.reportRefused(String(sessionId)),
    ),
    ...[terminals, agents, notices, background, services],
    initial,
  );
  provider.start(firstRead);
  return api;
}

export function deactivate(): Promise<void> {
  return shutdown.run();
}
