import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { createApi, type ZeyosAuthApi } from './api';
import { createBackground } from './background';
import { ZeyosAuthenticationProvider } from './editor/authenticationProvider';
import { editorSeams } from './editor/seams';
import { API_COMMANDS, CONFIGURATION, PROVIDER } from './manifest';
import { createServices } from './services';
import { Shutdown } from './base/shutdown';
import { createSignIn } from './signIn/signInServices';
import { Agents } from './ui/agents/agents';
import { ApplicationSecretRequests } from './ui/notices/applicationSecretRequests';
import { registerCommands } from './ui/commands/commands';
import { InstanceProblems } from './ui/notices/instanceProblems';
import { showFailure } from './dialog/report';
import { RevocationSecretRequests } from './ui/notices/revocationSecretRequests';
import { SecretRequests } from './ui/notices/secretRequests';
import { ShortLifetimeNotices } from './ui/notices/shortLifetimeNotices';
import { ContextKeys } from './ui/status/contextKeys';
import { showAccounts } from './ui/view/accountsView';
import { createTerminals } from './ui/terminal/terminals';
import { StorageProblems } from './ui/notices/storageProblems';
import { TokenClipboard } from './ui/commands/tokenClipboard';
import { OperationLog } from './base/operationLog';

/** At module level because the editor awaits `deactivate`, but not the disposal of subscriptions. */
const shutdown = new Shutdown();

/** Takes the seams from the editor, builds the headless half, and attaches the faces. It is synchronous, so that the provider is registered before another extension asks for it. */
export function activate(context: vscode.ExtensionContext): ZeyosAuthApi {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const channel = vscode.window.createOutputChannel(PROVIDER.label, { log: true });
  const log = new OperationLog(channel);
  const services = createServices(editorSeams(context, log));
  const { store, instances, rejectedSecrets, refusedTokens, firstRead, clock } = services;
  const background = createBackground(services);
  const signInFaces = createSignIn(services, { showFailure: (error) => showFailure(error, log) });
  const provider = new ZeyosAuthenticationProvider({ ...services, actions: signInFaces.sessionRequests });
  const registration = vscode.authentication.registerAuthenticationProvider(PROVIDER.id, PROVIDER.label, provider, {
    supportsMultipleAccounts: true,
  });
  const terminals = createTerminals(context, services, signInFaces, shutdown);
  const version = String((context.extension.packageJSON as { version: unknown }).version);
  const clipboard = new TokenClipboard({ clipboard: () => vscode.env.clipboard, clock });
  const storageProblems = new StorageProblems(store);
  const applicationSecretRequests = new ApplicationSecretRequests(services);
  const api = createApi(services);
  context.subscriptions.push(
    channel,
    registration,
    provider,
    showAccounts(services),
    registerCommands(services, signInFaces, { ...terminals, clipboard, version, showLog: () => channel.show() }),
    new InstanceProblems(instances),
    new SecretRequests(rejectedSecrets, () => instances.activeAccount(store.accounts)),
    new RevocationSecretRequests(services),
    new ShortLifetimeNotices(services),
    new ContextKeys(store, instances, clock),
    new Agents(services),
    storageProblems,
    terminals,
    shutdown.add(() => clipboard.clear()),
    shutdown.add(() => services.finish()),
    firstRead.onLate(() => storageProblems.late()),
    shutdown.add(() => signInFaces.callbackServers.closeAll()),
    refusedTokens.onDidFindActive((stored, told) => applicationSecretRequests.note(stored, told)),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (!focused) return;
      provider.catchUp();
      background.onFocus();
      void clipboard.clearIfDue();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${CONFIGURATION}.staySignedIn`)) background.onDidChangeStaySignedIn();
      if (event.affectsConfiguration(`${CONFIGURATION}.checkIntervalMinutes`)) background.onDidChangeCheckInterval();
    }),
    vscode.commands.registerCommand(API_COMMANDS.activeInstance, () => api.activeInstance),
    vscode.commands.registerCommand(API_COMMANDS.reportRefused, (sessionId: unknown) =>
      api.reportRefused(String(sessionId)),
    ),
    background,
    services,
  );
  provider.start(firstRead);
  background.start().catch((error: unknown) => storageProblems.unreadable(error));
  log.info(`ZeyOS Authentication ${version}, editor ${vscode.version}, ${instances.instances.length} instances`);
  return api;
}

export function deactivate(): Promise<void> {
  return shutdown.run();
}
