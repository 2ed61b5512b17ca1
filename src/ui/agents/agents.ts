import { isAbsolute } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { notify, type Actions } from '../../dialog/notifications';
import { runCommand } from '../../dialog/ownCommand';
import { openSettings } from '../../dialog/failure/remedy';
import { mcpCommand, mcpEnabled } from '../../editor/configuration';
import { mcpApi, type McpApi } from '../../editor/mcpApi';
import type { NoOfferReason, OfferState, Program } from '../../handover/agents/offer';
import { Offers, type HandOut } from '../../handover/agents/offers';
import { findProgram, isProgram } from '../../handover/programs';
import { CONFIGURATION, MCP_PROVIDER } from '../../manifest';
import type { Services } from '../../services';
import { argumentFor } from '../commands/target/commandArgument';
import { AgentServer } from './agentServer';
import { noOfferText } from './agentWords';

const PROGRAM = 'zeyos-mcp';

/** Offers ZeyOS's MCP server if the setting allows it and the editor has the API. */
export class Agents {
  readonly #services: Services;
  readonly #offers: Offers;
  readonly #disposable: vscode.Disposable;
  #isSupported = false;

  constructor(services: Services, api: McpApi | undefined = mcpApi()) {
    this.#services = services;
    const settings = {
      isEnabled: mcpEnabled,
      isSupported: () => this.#isSupported,
      isTrusted: () => vscode.workspace.isTrusted,
      findProgram: findMcpProgram,
    };
    this.#offers = new Offers({ ...services, settings, onDidEnd: (handOut, state) => this.#tellEnd(handOut, state) });
    this.#disposable = vscode.Disposable.from(
      this.#offers,
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.#offers.refresh()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.#offers.refresh()),
      ...(api ? this.#register(api) : []),
    );
    void this.#offers.refresh().then(() => this.#logState());
  }

  get offers(): Offers {
    return this.#offers;
  }

  async onDidChangeSettings(): Promise<void> {
    await this.#offers.refresh();
    this.#logState();
    const { state } = this.#offers;
    if (!('reason' in state) || state.reason === 'off') return;
    notify('warning', this.#reasonText(state), this.#remedy(state.reason));
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #register(api: McpApi): readonly vscode.Disposable[] {
    const reasonText = (): string => this.#reasonText(this.#offers.state);
    const server = new AgentServer({ ...this.#services, api, offers: this.#offers, reasonText });
    try {
      const registration = api.lm.registerMcpServerDefinitionProvider(MCP_PROVIDER.id, server);
      this.#isSupported = true;
      return [server, registration];
    } catch (error) {
      // If the editor refuses the provider, the rest of the extension must work.
      this.#services.log.warn(`agents: the editor does not register the MCP server: ${String(error)}`);
      return [server];
    }
  }

  /** Tells the user that agents have lost the account that they used. */
  #tellEnd({ account }: HandOut, state: OfferState): void {
    const { label } = account.account;
    if ('reason' in state) {
      if (state.reason === 'off') return;
      const message = l10n.t('Agents can no longer use ZeyOS as {0}. {1}', label, this.#reasonText(state));
      notify(state.reason === 'signedOut' ? 'information' : 'warning', message, this.#remedy(state.reason));
    } else {
      const now = state.offer.account.account.label;
      notify('information', l10n.t('Agents now work with {0} instead of {1}.', now, label));
    }
  }

  #reasonText(state: OfferState): string {
    if (!('reason' in state) || state.reason === 'off') return l10n.t('ZeyOS is not offered to agents.');
    const { instances, store } = this.#services;
    return noOfferText(state.reason, {
      instance: instances.active,
      account: instances.activeAccount(store.accounts),
      editor: vscode.version,
      command: mcpCommand(),
    });
  }

  #remedy(reason: NoOfferReason): Actions {
    const { instances, store } = this.#services;
    const account = instances.activeAccount(store.accounts);
    const mcpSettings = { [l10n.t('Open Settings')]: () => openSettings(`${CONFIGURATION}.mcp`) };
    switch (reason) {
      case 'off':
      case 'unsupported':
      case 'relative':
      case 'missing':
        return mcpSettings;
      case 'untrusted':
        return { [l10n.t('Manage Trust')]: () => vscode.commands.executeCommand('workbench.trust.manage') };
      case 'noInstance':
        return { [l10n.t('Add Instance')]: () => runCommand('zeyos.addInstance') };
      case 'signedOut':
        return {
          [l10n.t('Sign In')]: () => runCommand('zeyos.signIn', { instance: instances.active?.platform.href }),
        };
      case 'ended':
        return {
          [l10n.t('Sign In Again')]: () => runCommand('zeyos.signIn', account && argumentFor(account)),
        };
    }
  }

  #logState(): void {
    const { state } = this.#offers;
    if ('reason' in state && state.reason === 'off') return;
    this.#services.log.info(
      'reason' in state
        ? `agents: ZeyOS is not offered (${state.reason})`
        : `agents: ZeyOS is offered as ${state.offer.account.account.label} (${state.offer.program})`,
    );
  }
}

/** Without the setting, uses the program on the PATH. Nothing is downloaded. */
async function findMcpProgram(): Promise<Program> {
  const command = mcpCommand();
  if (command !== '') {
    if (!isAbsolute(command)) return { problem: 'relative' };
    return (await isProgram(command)) ? { path: command } : { problem: 'missing' };
  }
  const path = await findProgram(PROGRAM, {
    environment: process.env,
    outside: (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
  });
  return path === undefined ? { problem: 'missing' } : { path };
}
