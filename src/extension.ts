import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { createApi, type ZeyosAuthApi } from './api';
import { Diagnosis } from './diagnosis/diagnosis';
import { SecretStorageCheck } from './diagnosis/secretStorage';
import { API_COMMANDS, CONFIGURATION, PROVIDER } from './manifest';
import { AccountSecrets } from './session/accountSecrets';
import { Activity } from './session/activity';
import { ZeyosAuthenticationProvider } from './session/authenticationProvider';
import { RejectedSecrets } from './session/rejectedSecrets';
import { ClientSecrets } from './session/clientSecrets';
import { FirstRead } from './session/firstRead';
import { InstanceFetch } from './session/instanceFetch';
import { InstanceStore } from './session/instanceStore';
import { KeepAlive } from './session/keepAlive';
import { KeptPasswords } from './session/keptPasswords';
import { FileLease } from './session/lease';
import { LegacyInstances } from './session/legacyInstances';
import { PeriodicCheck } from './session/periodicCheck';
import { Reachability } from './session/reachability';
import { Recovery } from './session/recovery';
import { RefusedTokens } from './session/refusedTokens';
import { Renewal } from './session/renewal';
import { Revocations } from './session/revocations';
import type { StoredAccount } from './session/session';
import { SessionCheck } from './session/sessionCheck';
import { SessionStore } from './session/sessionStore';
import { Shutdown } from './session/shutdown';
import { Tokens } from './session/tokens';
import { FileTurn } from './session/turn';
import { UnusedClientSecrets } from './session/unusedClientSecrets';
import { AddInstance } from './signIn/addInstance';
import { SessionRequests } from './signIn/sessionRequests';
import { SignIn } from './signIn/signIn';
import { checkIntervalMs, expiryWarningMs, networkSettings, staySignedIn } from './ui/configuration';
import { registerCommands } from './ui/commands';
import { InstanceProblems } from './ui/instanceProblems';
import { ReadOnlyDocuments } from './ui/readOnlyDocuments';
import { showFailure } from './ui/report';
import { RevocationSecretRequests } from './ui/revocationSecretRequests';
import { SecretRequests } from './ui/secretRequests';
import { SignedInContext } from './ui/signedInContext';
import { StatusBar } from './ui/statusBar';
import { StorageProblems } from './ui/storageProblems';
import { Targets } from './ui/target';
import { TokenClipboard } from './ui/tokenClipboard';
import { HttpClient, type Fetch } from './zeyos/http';
import { OperationLog } from './zeyos/operationLog';
import { probe } from './zeyos/surface';

/** At module level because the editor awaits `deactivate`, but not the disposal of subscriptions. */
const shutdown = new Shutdown();

/** The composition root: the only place that constructs long-lived objects. It is synchronous, so that the provider is registered before anyone asks for it. */
export function activate(context: vscode.ExtensionContext): ZeyosAuthApi {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const now = Date.now;
  const channel = vscode.window.createOutputChannel(PROVIDER.label, { log: true });
  const log = new OperationLog(channel);

  const secrets = new AccountSecrets(context.secrets, log, context.globalState);
  const clientSecrets = new ClientSecrets(context.secrets);
  const leases = join(context.globalStorageUri.fsPath, 'leases');
  const store = new SessionStore({ secrets, lease: new FileLease(leases, 'accounts', log), now, log });
  const instances = new InstanceStore(context.workspaceState);
  const activity = new Activity();
  const reachability = new Reachability();
  const rejectedSecrets = new RejectedSecrets();
  // Looked up at each call: the editor puts its own in place, which knows its proxy and certificates.
  const editorFetch: Fetch = (url, init) => globalThis.fetch(url, init);
  const transport = new InstanceFetch({ editorFetch, instances: () => instances.instances, network: networkSettings });
  const http = new HttpClient({ fetch: transport.fetch, now, log });
  const tokens = new Tokens({
    http,
    store,
    clientSecrets,
    legacy: new LegacyInstances(context.globalState),
    reachability,
    machineId: `${vscode.env.machineId} ${vscode.env.uriScheme}`,
  });
  const unusedSecrets = new UnusedClientSecrets({ clientSecrets, store, instances: () => instances.instances });
  const revocations = new Revocations({ tokens, store, now, log });
  const renewal = new Renewal({
    store,
    tokens,
    revocations,
    rejectedSecrets,
    lease: (id) => new FileLease(leases, `renewal.${id}`, log),
    now,
    log,
  });
  const check = new SessionCheck({ store, tokens, renewal });
  const addInstance = new AddInstance({ http, instances, activity });
  const signIn = new SignIn({
    store,
    instances,
    tokens,
    clientSecrets,
    unusedSecrets,
    revocations,
    addInstance,
    activity,
    staySignedIn,
    now,
    log,
  });
  const sessionRequests = new SessionRequests({
    store,
    instances,
    signIn,
    addInstance,
    revocations,
    renewal,
    clientSecrets,
    now,
    log,
    showFailure: (error) => showFailure(error, log),
  });
  const provider = new ZeyosAuthenticationProvider({ store, instances, actions: sessionRequests, now, log });
  const registration = vscode.authentication.registerAuthenticationProvider(PROVIDER.id, PROVIDER.label, provider, {
    supportsMultipleAccounts: true,
  });

  const firstRead = new FirstRead(activity.during(l10n.t('Reading ZeyOS sessions…'), () => store.refresh()));
  const recovery = new Recovery({ store, probe: (platform) => probe(http, platform), reachability, now, log });
  const active = (): StoredAccount | undefined => instances.activeAccount(store.accounts);
  const keepAlive = new KeepAlive({ store, renewal, active, now, log });
  const isFocused = (): boolean => vscode.window.state.focused;
  const periodicCheck = new PeriodicCheck({ check, turn: new FileTurn(leases), active, isFocused, intervalMs: checkIntervalMs, now, log });
  const refusedTokens = new RefusedTokens({ firstRead, store, check, now });
  const clipboard = new TokenClipboard({ clipboard: () => vscode.env.clipboard, now });
  const targets = new Targets({ store, instances, now });
  const introspections = new ReadOnlyDocuments(
    'zeyos-introspection',
    l10n.t('This result is no longer available. Run "ZeyOS: Introspect Token" again.'),
  );
  const secretStorage = new SecretStorageCheck({ secrets: context.secrets, memory: context.globalState, start: startOfEditor() });
  const onceOnly = new HttpClient({ fetch: transport.fetch, now, log, bounds: { backOffMs: [] } });
  const diagnosis = new Diagnosis({
    http: onceOnly,
    accounts: () => store.accounts,
    secretStorage,
    network: networkSettings,
    warningMs: expiryWarningMs,
    now,
  });
  const reports = new ReadOnlyDocuments(
    'zeyos-diagnosis',
    l10n.t('This report is no longer available. Run "ZeyOS: Diagnose Connection" again.'),
  );
  const version = String((context.extension.packageJSON as { version: unknown }).version);
  const statusBar = new StatusBar({ store, instances, reachability, activity, rejectedSecrets, now });
  const api = createApi({ instances, store, refusedTokens });
  const showLog = (): void => channel.show();
  const commands = registerCommands({
    store,
    instances,
    revocations,
    renewal,
    clientSecrets,
    unusedSecrets,
    addInstance,
    signIn,
    reachability,
    rejectedSecrets,
    targets,
    tokens,
    check,
    activity,
    introspections,
    clipboard,
    diagnosis,
    reports,
    version,
    firstRead,
    now,
    log,
    showLog,
  });

  const keptPasswords = new KeptPasswords({ store, mayKeep: staySignedIn, log });
  const storageProblems = new StorageProblems(store);
  provider.start(firstRead);
  // What goes on by itself is an operation of its own in the log; so are the timers that it sets.
  const catchUp = (): void => {
    void log.during('recovery', () => recovery.tryNow());
    void log.during('renewal', () => keepAlive.tryNow());
    void log.during('check', () => periodicCheck.tryNow());
    void log.during('revocation', () => revocations.settle());
  };
  void firstRead.read.then(() => keptPasswords.check()).then(catchUp, (error: unknown) => storageProblems.unreadable(error));
  void firstRead.read.then(() => secretStorage.leaveMark()).catch((error: Error) => log.warn(`secret storage: ${error.message}`));
  const refresh = (): void => void store.refresh().catch(() => undefined);

  context.subscriptions.push(
    channel,
    registration,
    provider,
    instances,
    transport,
    revocations,
    recovery,
    keepAlive,
    periodicCheck,
    introspections,
    reports,
    statusBar,
    commands,
    shutdown.add(() => clipboard.clear()),
    // A token that is exchanged without its successor being stored ends the session.
    shutdown.add(() => renewal.idle()),
    new InstanceProblems(instances),
    new SecretRequests(rejectedSecrets, active),
    new RevocationSecretRequests({ revocations, clientSecrets, store, log }),
    new SignedInContext(store),
    unusedSecrets,
    keptPasswords,
    storageProblems,
    // A hint: it repeats, and it may miss, so that a window which gets the focus looks for itself.
    context.secrets.onDidChange(({ key }) => secrets.owns(key) && refresh()),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (!focused) return;
      refresh();
      provider.catchUp();
      catchUp();
      void clipboard.clearIfDue();
    }),
    recovery.onDidRecover(() => {
      void log.during('renewal', () => keepAlive.tryNow());
      void log.during('check', () => periodicCheck.tryNow());
      void log.during('revocation', () => revocations.settle((instance) => reachability.isReachable(instance)));
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${CONFIGURATION}.staySignedIn`)) keptPasswords.check();
      if (event.affectsConfiguration(`${CONFIGURATION}.checkIntervalMinutes`)) void log.during('check', () => periodicCheck.tryNow());
    }),
    instances.onDidChange(() => log.during('renewal', () => keepAlive.schedule())),
    vscode.commands.registerCommand(API_COMMANDS.activeInstance, () => api.activeInstance),
    vscode.commands.registerCommand(API_COMMANDS.reportRefused, (sessionId: unknown) => api.reportRefused(String(sessionId))),
  );
  log.info(`ZeyOS Authentication ${version}, editor ${vscode.version}, ${instances.instances.length} instances`);
  return api;
}

/** The same in all windows, where that can be known: elsewhere, each window has a start of its own. */
function startOfEditor(): string {
  const mainProcess = vscode.env.remoteName === undefined ? process.env['VSCODE_PID'] : undefined;
  return mainProcess ?? vscode.env.sessionId;
}

export function deactivate(): Promise<void> {
  return shutdown.run();
}
