import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Activity } from '../session/activity';
import type { Instance } from '../session/instance';
import type { InstanceStore } from '../session/instanceStore';
import { NetworkError } from '../zeyos/errors';
import type { HttpClient } from '../zeyos/http';
import { PlatformUrl, PlatformUrlError } from '../zeyos/platform';
import { probe } from '../zeyos/surface';
import { describeFailure } from './failure';
import { describeInstanceProblem } from './instanceProblem';
import { BACK, input } from './prompts';
import { remedies } from './remedy';

/** Adds an instance to the setting, each time with the user's consent: from then on passwords may be sent to its host. */
export class AddInstance {
  readonly #http: HttpClient;
  readonly #instances: InstanceStore;
  readonly #activity: Activity;

  constructor(services: { http: HttpClient; instances: InstanceStore; activity: Activity }) {
    this.#http = services.http;
    this.#instances = services.instances;
    this.#activity = services.activity;
  }

  /**
   * Asks for a name or URL, unless `text` is one. An instance that is configured already is returned as it is.
   * @throws {vscode.CancellationError}
   */
  async run(text?: string): Promise<Instance> {
    const instance = await this.#run((text !== undefined && PlatformUrl.tryParse(text)) || (await this.#ask(text ?? '')));
    if (instance === BACK) throw new vscode.CancellationError();
    return instance;
  }

  /**
   * As {@link AddInstance.run}, as one of several steps.
   * @throws {vscode.CancellationError}
   */
  async runAsStep(): Promise<Instance | typeof BACK> {
    return this.#run(await this.#ask('', true), true);
  }

  async #run(first: PlatformUrl | typeof BACK, canGoBack = false): Promise<Instance | typeof BACK> {
    for (let platform = first; ; platform = await this.#ask(platform.href, canGoBack)) {
      if (platform === BACK) return BACK;
      const existing = this.#instances.find(platform.href);
      if (existing) return existing;
      await this.#confirm(platform);
      const failure = await this.#check(platform);
      if (failure === undefined || (await this.#addsAnyway(platform, failure, true)))
        return this.#instances.add(platform, platform.instance);
    }
  }

  /**
   * Adds this very instance, because another extension wants a session of it: any other would do for nobody.
   * @throws {vscode.CancellationError}
   */
  async add(platform: PlatformUrl): Promise<Instance> {
    await this.#confirm(platform);
    const failure = await this.#check(platform);
    if (failure !== undefined) await this.#addsAnyway(platform, failure, false);
    return this.#instances.add(platform, platform.instance);
  }

  async #ask(value: string, canGoBack = false): Promise<PlatformUrl | typeof BACK> {
    const answer = await input({
      title: l10n.t('Add a ZeyOS Instance'),
      prompt: l10n.t('The name of an instance on cloud.zeyos.com, or the URL of an instance elsewhere'),
      placeholder: 'https://cloud.zeyos.com/demo',
      value,
      canGoBack,
      validate: (text) => {
        try {
          PlatformUrl.parse(text);
          return undefined;
        } catch (error) {
          return error instanceof PlatformUrlError ? describeInstanceProblem(error.problem) : String(error);
        }
      },
    });
    return answer === BACK ? BACK : PlatformUrl.parse(answer);
  }

  async #confirm(platform: PlatformUrl): Promise<void> {
    const add = l10n.t('Add');
    const answer = await vscode.window.showInformationMessage(
      l10n.t('Add the ZeyOS instance {0}?', platform.instance),
      {
        modal: true,
        detail: l10n.t(
          'Address: {0}\n\nWhen you sign in to it, your password is sent to {1}. Add only instances that you trust.',
          platform.href,
          platform.host,
        ),
      },
      add,
    );
    if (answer !== add) throw new vscode.CancellationError();
  }

  /** Resolves to why ZeyOS does not answer there, if it does not. */
  #check(platform: PlatformUrl): Promise<unknown> {
    return this.#activity.during(l10n.t('Checking {0}…', platform.instance), () =>
      probe(this.#http, platform).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  }

  /**
   * Whether the user wants it all the same; `false`: the user wants to correct the address.
   * @throws {vscode.CancellationError} neither
   */
  async #addsAnyway(platform: PlatformUrl, failure: unknown, isCorrectable: boolean): Promise<boolean> {
    const correct = l10n.t('Edit Address');
    const addAnyway = l10n.t('Add Anyway');
    // The instance has no settings of its own yet.
    const [proxy] = failure instanceof NetworkError && failure.isProxy ? remedies(failure) : [];
    const answer = await vscode.window.showWarningMessage(
      l10n.t('{0} could not be checked.', platform.href),
      { modal: true, detail: describeFailure(failure, platform) },
      ...(isCorrectable ? [correct] : []),
      addAnyway,
      ...(proxy ? [proxy.label] : []),
    );
    if (answer !== undefined && answer === proxy?.label) await proxy.open();
    else if (answer !== undefined) return answer === addAnyway;
    throw new vscode.CancellationError();
  }
}
