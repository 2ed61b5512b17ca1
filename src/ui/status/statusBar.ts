import * as vscode from 'vscode';
import { CONFIGURATION, PROVIDER, STATUS_BAR_ITEM } from '../../manifest';
import { Alarm } from '../../base/alarm';
import { Changes } from '../../base/changes';
import { accountsInput, type AccountsServices } from './accountsInput';
import { nextChange, statusBarModel, type StatusBarModel } from './statusBarModel';
import { TOOLTIP_COMMANDS, tooltipMarkdown } from './tooltip';

/** Drawn when what it shows changes, and when the time changes its text. */
export class StatusBar {
  readonly #services: AccountsServices;
  readonly #item = vscode.window.createStatusBarItem(STATUS_BAR_ITEM, vscode.StatusBarAlignment.Right, 100);
  readonly #alarm: Alarm;
  readonly #draws = new Changes();
  readonly #disposable: vscode.Disposable;

  /** Fires when an account has changed, or is worded differently because of the time. */
  readonly onDidDraw = this.#draws.onDidChange;

  constructor(services: AccountsServices) {
    this.#services = services;
    this.#item.name = PROVIDER.label;
    const draw = (): void => this.#draw();
    this.#alarm = new Alarm(services.clock, draw);
    this.#disposable = vscode.Disposable.from(
      this.#item,
      this.#alarm,
      services.store.onDidChange(draw),
      services.instances.onDidChange(draw),
      services.reachability.onDidChange(draw),
      services.activity.onDidChange(draw),
      services.rejectedClientSecrets.onDidChange(draw),
      services.missingClientSecrets.onDidChange(draw),
      services.agentConsents.onDidChange(draw),
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration(`${CONFIGURATION}.expiryWarningMinutes`) && draw(),
      ),
      // Timers are late after a sleep.
      vscode.window.onDidChangeWindowState((state) => state.focused && draw()),
    );
    draw();
    this.#item.show();
  }

  get model(): StatusBarModel & { readonly tooltip: string } {
    const input = accountsInput(this.#services);
    return { ...statusBarModel(input), tooltip: tooltipMarkdown(input, vscode.env.language) };
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  #draw(): void {
    const { text, tone, command, argument, label, tooltip } = this.model;
    this.#item.text = text;
    this.#item.backgroundColor = tone && new vscode.ThemeColor(`statusBarItem.${tone}Background`);
    this.#item.command = { command, title: '', ...(argument && { arguments: [argument] }) };
    this.#item.accessibilityInformation = { label, role: 'button' };
    const markdown = new vscode.MarkdownString(tooltip, true);
    markdown.isTrusted = { enabledCommands: TOOLTIP_COMMANDS };
    this.#item.tooltip = markdown;
    this.#alarm.set(nextChange(accountsInput(this.#services)));
    this.#draws.fire();
  }
}
