import * as vscode from 'vscode';
import { CONFIGURATION, PROVIDER, STATUS_BAR_ITEM } from '../../manifest';
import type { Activity } from '../../base/activity';
import { Alarm } from '../../base/alarm';
import type { RejectedSecrets } from '../../session/tokens/rejectedSecrets';
import type { InstanceStore } from '../../session/storage/instanceStore';
import type { Reachability } from '../../session/tokens/reachability';
import type { SessionStore } from '../../session/storage/sessionStore';
import { expiryWarningMs } from '../../editor/configuration';
import { nextChange, statusBarModel, type StatusBarInput, type StatusBarModel } from './statusBarModel';
import { TOOLTIP_COMMANDS, tooltipMarkdown } from './tooltip';
import type { Clock } from '../../base/clock';

export interface StatusBarServices {
  readonly store: SessionStore;
  readonly instances: InstanceStore;
  readonly reachability: Reachability;
  readonly activity: Activity;
  readonly rejectedSecrets: RejectedSecrets;
  readonly clock: Clock;
}

/** The one status bar item. It is drawn when something it shows has changed, or at the next moment when that will. */
export class StatusBar {
  readonly #services: StatusBarServices;
  readonly #item = vscode.window.createStatusBarItem(STATUS_BAR_ITEM, vscode.StatusBarAlignment.Right, 100);
  readonly #alarm: Alarm;
  readonly #disposable: vscode.Disposable;

  constructor(services: StatusBarServices) {
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
      services.rejectedSecrets.onDidChange(draw),
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration(`${CONFIGURATION}.expiryWarningMinutes`) && draw(),
      ),
      // After a sleep, timers are late.
      vscode.window.onDidChangeWindowState((state) => state.focused && draw()),
    );
    draw();
    this.#item.show();
  }

  /** What the item shows. */
  get model(): StatusBarModel & { readonly tooltip: string } {
    const input = this.#input();
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
    this.#alarm.set(nextChange(this.#input()));
  }

  #input(): StatusBarInput {
    const { store, instances, reachability, rejectedSecrets, activity, clock } = this.#services;
    const { active } = instances;
    return {
      instances: instances.instances,
      active,
      account: instances.activeAccount(store.accounts),
      accounts: store.accounts,
      activity: activity.current,
      isReachable: (platform) => reachability.isReachable(platform),
      needsSecret: (stored) => rejectedSecrets.has(stored),
      now: clock.now(),
      warningMs: expiryWarningMs(),
    };
  }
}
