import { chmod, access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { HandleServer } from '../../handover/handleServer';
import type { HandoverTokens } from '../../handover/handoverTokens';
import { VARIABLES, type HandleAnswer, type HandleRequest } from '../../handover/protocol';
import { terminalEnvironment } from '../../handover/terminalEnvironment';
import type { Clock } from '../../base/clock';
import { inert, plainText } from '../../hiding/plainText';
import type { GroupedLog } from '../../base/log';
import { isSignedIn, type StoredAccount } from '../../session/model/session';
import type { InstanceStore } from '../../session/storage/instanceStore';
import type { SessionStore } from '../../session/storage/sessionStore';
import { withProductionMark } from '../../dialog/productionMark';
import { goneText, noTokenText, signedOutText } from './handoverWords';

/** How long the editor may take to open a terminal. */
const OPENING_MS = 60_000;

interface OpenHandle {
  readonly server: HandleServer;
  readonly stored: StoredAccount;
  /** Closes the handle if no terminal has opened with it. */
  readonly deadline: { dispose(): void };
}

interface OpenTerminalsServices {
  readonly tokens: HandoverTokens;
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly clock: Clock;
  readonly log: GroupedLog;
  readonly extensionPath: string;
}

/**
 * Each ZeyOS terminal of this window has a handle of its own, which ends with the terminal, at sign-out, or with the
 * window.
 */
export class OpenTerminals {
  readonly #services: OpenTerminalsServices;
  readonly #commands: string;
  /** By their folder, which the terminal's environment names. */
  readonly #handles = new Map<string, OpenHandle>();
  readonly #disposable: vscode.Disposable;

  constructor(services: OpenTerminalsServices) {
    this.#services = services;
    const system = process.platform === 'win32' ? 'windows' : 'posix';
    this.#commands = join(services.extensionPath, 'media', 'terminal', system);
    this.#disposable = vscode.Disposable.from(
      services.store.onDidChange(() => this.#endSignedOut()),
      vscode.window.onDidOpenTerminal((terminal) => {
        const handle = this.#handleOf(terminal);
        if (!handle) return;
        handle.deadline.dispose();
        // The editor may leave another terminal in front of one that a profile provides late.
        terminal.show();
      }),
      vscode.window.onDidCloseTerminal((terminal) => {
        const handle = this.#handleOf(terminal);
        if (handle) this.#close(handle, 'the terminal was closed');
      }),
    );
  }

  get commands(): string {
    return this.#commands;
  }

  /**
   * Opens a handle that the terminal can use.
   * @param cli the absolute path of ZeyOS's command line
   * @throws {HandoverError} `noFolder`
   */
  async options(stored: StoredAccount, cli: string | undefined): Promise<vscode.TerminalOptions> {
    await this.#makeExecutable();
    const { clock } = this.#services;
    const server: HandleServer = await HandleServer.open({
      clock,
      answer: (request) => this.#answer(server, stored, request),
    });
    const deadline = clock.at(clock.now() + OPENING_MS, () => {
      const opened = this.#handles.get(server.folder);
      if (opened) this.#close(opened, 'no terminal was opened');
    });
    this.#handles.set(server.folder, { server, stored, deadline });
    // The user may have signed out since confirming.
    this.#endSignedOut();
    const { account, platform } = stored;
    const instance = this.#services.instances.find(platform);
    this.#services.log.info(`opened a terminal for ${account.label}`);
    return {
      name: inert(withProductionMark(`ZeyOS: ${account.userName} (${platform.instanceName})`, instance)),
      iconPath: new vscode.ThemeIcon('zeyos-logo'),
      message: withProductionMark(
        l10n.t(
          'zeyos and zeyos-run <command> act as {0} here. Close this terminal to end their access.',
          account.label,
        ),
        instance,
      ),
      env: terminalEnvironment(
        {
          baseUrl: platform.href,
          handle: server,
          commands: this.#commands,
          helper: join(this.#services.extensionPath, 'dist', 'terminalHelper.js'),
          node: process.execPath,
          cli,
          gone: goneText(),
        },
        process.env,
      ),
      // The editor would restore the terminal after a reload, when its handle is gone, and would write its environment
      // to disk for that.
      isTransient: true,
    };
  }

  /** Ends all handles, before the editor ends the extension. */
  closeAll(): void {
    for (const handle of this.#handles.values()) this.#close(handle, 'the window was closed');
  }

  dispose(): void {
    this.#disposable.dispose();
    this.closeAll();
  }

  async #answer(server: HandleServer, stored: StoredAccount, request: HandleRequest): Promise<HandleAnswer> {
    const { tokens, log } = this.#services;
    if (request.ask !== 'token') return { refusal: explanation(request.ask) };
    const program = programName(request.command);
    return log.during('terminal', async () => {
      try {
        const { token, stored: owner } = await tokens.token(stored.id);
        if (server.isOpen) log.info(`handed over a token for ${stored.account.label} to ${program}`);
        return { token, baseUrl: owner.platform.href };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn(`handed over no token for ${stored.account.label} to ${program}: ${reason}`);
        return { refusal: noTokenText(error, stored) };
      }
    });
  }

  #endSignedOut(): void {
    const { store, log } = this.#services;
    for (const { server, stored } of this.#handles.values()) {
      const known = store.find(stored.id);
      if (!server.isOpen || (known && isSignedIn(known))) continue;
      log.info(`ended the access of a terminal for ${stored.account.label}: signed out`);
      void server.end(signedOutText(stored.account.label));
    }
  }

  #close({ server, stored, deadline }: OpenHandle, why: string): void {
    deadline.dispose();
    if (!this.#handles.delete(server.folder)) return;
    if (server.isOpen) this.#services.log.info(`ended the access of a terminal for ${stored.account.label}: ${why}`);
    server.close();
  }

  #handleOf({ creationOptions }: vscode.Terminal): OpenHandle | undefined {
    const folder = 'env' in creationOptions ? creationOptions.env?.[VARIABLES.handle] : undefined;
    return typeof folder === 'string' ? this.#handles.get(folder) : undefined;
  }

  /** A package from another system may have lost the executable bits of the scripts. */
  async #makeExecutable(): Promise<void> {
    if (process.platform === 'win32') return;
    for (const name of ['zeyos', 'zeyos-run']) {
      const file = join(this.#commands, name);
      await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
    }
  }
}

/** Says why the small commands do not run ZeyOS's command line. */
function explanation(ask: Exclude<HandleRequest['ask'], 'token'>): string {
  return ask === 'showToken'
    ? l10n.t('zeyos does not show the access token here. Use "ZeyOS: Copy Access Token" in the editor.')
    : l10n.t(
        'zeyos was not found outside of the workspace when this terminal was opened. Install it and open a new ZeyOS terminal.',
      );
}

function programName(command: string): string {
  return plainText(command.split(/[\\/]/).at(-1) ?? '') || 'a command';
}
