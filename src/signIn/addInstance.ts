import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Activity } from '../base/activity';
import type { Instance } from '../session/model/instance';
import type { InstanceStore } from '../session/storage/instanceStore';
import { HttpError, NetworkError } from '../zeyos/errors';
import type { HttpClient } from '../zeyos/transport/http';
import { withoutInvisible } from '../base/invisible';
import { platformIn, shownAddress } from '../zeyos/address/pastedAddress';
import { PlatformUrl, PlatformUrlError } from '../zeyos/address/platform';
import { probe } from '../zeyos/api';
import { describeFailure } from '../dialog/failure/failure';
import { describeInstanceProblem } from '../dialog/failure/problemSentences';
import { BACK, input, type InputOptions } from '../dialog/prompts';
import { remedies } from '../dialog/failure/remedy';

/** In characters. A longer address is not filled in for the user to correct. */
const LONGEST_ADDRESS = 500;

interface EnteredAddress {
  readonly platform: PlatformUrl;
  /** Whether the address only contains `platform`. */
  readonly isFound?: boolean;
  /** The whole address, if it could be a platform URL too, as in `https://cloud.zeyos.com/demo/login`. */
  readonly asEntered?: PlatformUrl;
}

/** Requires the user's consent for each instance, because passwords may be sent to its host from then on. */
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
   * Asks for a name or URL, unless `text` is or contains one. Returns a configured instance unchanged.
   * @throws {vscode.CancellationError}
   */
  async run(text?: string): Promise<Instance> {
    const ask = async (value: string): Promise<EnteredAddress> => parseAddress(await input(addressPrompt(value)));
    const entered = text === undefined ? undefined : readAddress(text);
    return this.#run<never>(entered ?? (await ask(shownAddress(text ?? '', LONGEST_ADDRESS) ?? '')), ask);
  }

  /**
   * As {@link AddInstance.run}, as one of several steps.
   * @throws {vscode.CancellationError}
   */
  async runAsStep(): Promise<Instance | typeof BACK> {
    const ask = async (value: string): Promise<EnteredAddress | typeof BACK> => {
      const answer = await input({ ...addressPrompt(value), canGoBack: true });
      return answer === BACK ? BACK : parseAddress(answer);
    };
    return this.#run(await ask(''), ask);
  }

  /** @param ask asks for an address, which is filled in for the user to correct */
  async #run<Back extends typeof BACK = never>(
    first: EnteredAddress | Back,
    ask: (value: string) => Promise<EnteredAddress | Back>,
  ): Promise<Instance | Back> {
    let entered = first;
    for (;;) {
      if (typeof entered === 'symbol') return entered;
      const { platform, asEntered } = entered;
      const existing = (asEntered && this.#instances.find(asEntered)) ?? this.#instances.find(platform);
      if (existing) return existing;
      const confirmed = await this.#confirm(entered);
      if (confirmed === platform) {
        const next = await this.#checkOrAsk(platform);
        if (next === 'add') return this.#instances.add(platform, platform.instanceName);
        entered = next === 'edit' ? await ask(platform.href) : { platform: next };
      } else entered = { platform: confirmed };
    }
  }

  /**
   * Adds the platform for which another extension requests a session. The user cannot choose another.
   * @throws {vscode.CancellationError}
   */
  async add(platform: PlatformUrl): Promise<Instance> {
    await this.#confirm({ platform });
    const failure = await this.#check(platform);
    if (failure !== undefined) await this.#askDespite(failure, platform, [l10n.t('Add Anyway')]);
    return this.#instances.add(platform, platform.instanceName);
  }

  /**
   * Changes the URL of an entry. Sessions stay with the old URL, because a token belongs to one platform.
   * @param replaces the `url` as the entry has it, or its platform URL
   * @returns `undefined` if there is no such entry, or if the new URL is invalid
   * @throws {vscode.CancellationError}
   */
  async correct(replaces: string, url: string): Promise<Instance | undefined> {
    const platform = PlatformUrl.tryParse(url);
    if (!platform || !this.#instances.hasEntry(replaces)) return undefined;
    const existing = this.#instances.find(platform);
    if (existing) return existing;
    await this.#confirmChange(replaces, platform);
    const failure = await this.#check(platform);
    if (failure !== undefined) await this.#askDespite(failure, platform, [l10n.t('Change Anyway')]);
    return this.#instances.changeUrl(replaces, platform);
  }

  /** Resolves to the URL that the user agrees to add. */
  async #confirm({ platform, isFound, asEntered }: EnteredAddress): Promise<PlatformUrl> {
    const add = l10n.t('Add');
    const addAsEntered = l10n.t('Use Address as Entered');
    const consequence = l10n.t(
      'Address: {0}\n\nWhen you sign in to it, your password is sent to {1}. Add only instances that you trust.',
      platform.href,
      platform.host,
    );
    const answer = await vscode.window.showInformationMessage(
      l10n.t('Add the ZeyOS instance {0}?', platform.instanceName),
      {
        modal: true,
        detail: isFound
          ? l10n.t(
              'The address that you entered is not the URL of an instance, but contains this one.\n\n{0}',
              consequence,
            )
          : consequence,
      },
      add,
      ...(asEntered ? [addAsEntered] : []),
    );
    if (answer === add) return platform;
    if (asEntered && answer === addAsEntered) return asEntered;
    throw new vscode.CancellationError();
  }

  async #confirmChange(replaces: string, platform: PlatformUrl): Promise<void> {
    const change = l10n.t('Change URL');
    const former = this.#instances.findByUrl(replaces);
    const consequence = l10n.t(
      'New URL: {0}\n\nWhen you sign in to it, your password is sent to {1}. Continue only if you trust this host.',
      platform.href,
      platform.host,
    );
    const answer = await vscode.window.showWarningMessage(
      l10n.t('Change the URL of the ZeyOS instance {0}?', former?.name ?? platform.instanceName),
      {
        modal: true,
        detail: former
          ? l10n.t(
              'Current URL: {0}\n{1}\n\nThe sessions of the current URL are kept, but not moved: sign in again at the new one.',
              former.platform.href,
              consequence,
            )
          : consequence,
      },
      change,
    );
    if (answer !== change) throw new vscode.CancellationError();
  }

  /** Probes the platform. Resolves to the next step, or to another platform to try. */
  async #checkOrAsk(platform: PlatformUrl): Promise<'add' | 'edit' | PlatformUrl> {
    const failure = await this.#check(platform);
    if (failure === undefined) return 'add';
    const correction = failure instanceof HttpError ? failure.redirection?.correction : undefined;
    const correct = l10n.t('Correct URL');
    const edit = l10n.t('Edit Address');
    const answer = await this.#askDespite(failure, platform, [
      ...(correction ? [correct] : []),
      edit,
      l10n.t('Add Anyway'),
    ]);
    return answer === edit ? 'edit' : answer === correct && correction ? correction : 'add';
  }

  /** Resolves to the failure, or to `undefined` if ZeyOS answers. */
  #check(platform: PlatformUrl): Promise<unknown> {
    return this.#activity.during(l10n.t('Checking {0}…', platform.instanceName), () =>
      probe(this.#http, platform).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
  }

  async #askDespite(failure: unknown, platform: PlatformUrl, choices: readonly string[]): Promise<string> {
    // The new platform has no settings yet, so only the proxy can be corrected.
    const [proxy] = failure instanceof NetworkError && failure.isProxy ? remedies(failure) : [];
    const answer = await vscode.window.showWarningMessage(
      l10n.t('{0} could not be checked.', platform.href),
      { modal: true, detail: describeFailure(failure, platform) },
      ...choices,
      ...(proxy ? [proxy.label] : []),
    );
    if (answer === undefined) throw new vscode.CancellationError();
    if (answer !== proxy?.label) return answer;
    await proxy.open();
    throw new vscode.CancellationError();
  }
}

function addressPrompt(value: string): InputOptions {
  return {
    title: l10n.t('Add a ZeyOS Instance'),
    prompt: l10n.t('The name of an instance on cloud.zeyos.com, or the URL of an instance elsewhere'),
    placeholder: 'https://cloud.zeyos.com/demo',
    value,
    invisible: 'remove',
    hint: (text) => {
      const entered = readAddress(text);
      return entered?.isFound
        ? l10n.t('This address contains the URL of an instance, which will be added: {0}', entered.platform.href)
        : undefined;
    },
    validate: (text) => (readAddress(text) ? undefined : describeAddressProblem(text)),
  };
}

/**
 * Reads an address that the prompt has accepted.
 * @throws {PlatformUrlError} it is neither a platform URL, nor contains one
 */
function parseAddress(text: string): EnteredAddress {
  return readAddress(text) ?? { platform: PlatformUrl.parse(text) };
}

function readAddress(text: string): EnteredAddress | undefined {
  const asEntered = PlatformUrl.tryParse(withoutInvisible(text));
  const platform = platformIn(text);
  if (!platform || asEntered?.href === platform.href) return asEntered && { platform: asEntered };
  return { platform, isFound: true, ...(asEntered && { asEntered }) };
}

function describeAddressProblem(text: string): string {
  try {
    PlatformUrl.parse(text);
    return '';
  } catch (error) {
    return error instanceof PlatformUrlError ? describeInstanceProblem(error.problem) : String(error);
  }
}
