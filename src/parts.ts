import type * as vscode from 'vscode';
import { Part } from './base/part';
import type { ProviderActions } from './editor/authenticationProvider';
import type { Seams } from './seams';
import type { InitialServices } from './initialServices';
import type { TerminalFaces } from './ui/terminal/terminals';
import type { CommandFaces } from './ui/commands/commandServices';

export type Parts = ReturnType<typeof createParts>;

interface PartFaces extends Omit<CommandFaces, keyof TerminalFaces> {
  readonly context: vscode.ExtensionContext;
}

/**
 * A new part is a `Part` whose function imports its module. Faces call its `get()`, or `loaded` for an event that
 * concerns only a part in use.
 */
export function createParts(seams: Seams, initial: InitialServices, { context, ...faces }: PartFaces) {
  const { log } = initial;
  const notices = new Part(async () => {
    const [core, { Notices }] = await Promise.all([services.get(), import('./ui/notices/notices.js')]);
    return new Notices(core);
  });
  const services = new Part(async () => {
    const { createServices } = await import('./services.js');
    const core = createServices(seams, initial);
    core.missingClientSecrets.onDidChange(() => void notices.get());
    core.refusedTokens.onDidFindActive(
      (account, told) => void notices.get().then((loaded) => loaded.refusedActive(account, told)),
    );
    return core;
  });
  const background = new Part(async () => {
    const [core, { createBackground }] = await Promise.all([services.get(), import('./background.js')]);
    return createBackground(core);
  });
  const signIn = new Part(async () => {
    const [core, { createSignIn }, { showFailure }] = await Promise.all([
      services.get(),
      import('./signIn/signInServices.js'),
      import('./dialog/report.js'),
    ]);
    return createSignIn(core, { showFailure: (error) => showFailure(error, log) });
  });
  const terminals = new Part(async () => {
    const [core, { sessionRequests }, { createTerminals }] = await Promise.all([
      services.get(),
      signIn.get(),
      import('./ui/terminal/terminals.js'),
    ]);
    return createTerminals(context, core, sessionRequests);
  });
  const agents = new Part(async () => {
    const [core, { Agents }] = await Promise.all([services.get(), import('./ui/agents/agents.js')]);
    return new Agents(core);
  });
  const commands = new Part(async () => {
    const [core, signInFaces, terminalFaces, { createCommandServices }] = await Promise.all([
      services.get(),
      signIn.get(),
      terminals.get(),
      import('./ui/commands/commandServices.js'),
    ]);
    return createCommandServices(core, signInFaces, { ...terminalFaces, ...faces });
  });

  const providerActions: ProviderActions = {
    createSession: async (selection, account) => (await signIn.get()).sessionRequests.createSession(selection, account),
    removeSession: async (id) => (await signIn.get()).sessionRequests.removeSession(id),
    renew: async (id) => (await signIn.get()).sessionRequests.renew(id),
  };
  return { services, background, notices, signIn, terminals, agents, commands, providerActions };
}
