import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { InstanceProblem } from '../../session/model/instance';
import type { InstanceStore } from '../../session/storage/instanceStore';
import { describeInstanceProblem } from '../../dialog/failure/problemSentences';
import { runCommand } from '../../dialog/ownCommand';
import { instancesSetting } from '../../dialog/failure/remedy';
import { harmlessText } from '../../hiding/plainText';
import { notify, type Actions } from '../../dialog/notifications';

/** Tells the user of wrong entries in `zeyos.instances`: once for each entry, until it changes. */
export class SettingsNotices {
  readonly #instances: InstanceStore;
  readonly #subscription: vscode.Disposable;
  #told: ReadonlySet<string> = new Set();

  constructor(instances: InstanceStore) {
    this.#instances = instances;
    this.#subscription = instances.onDidChange(() => this.#tell());
    this.#tell();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #tell(): void {
    const { problems: unusable, warnings } = this.#instances;
    const problems = [...unusable, ...warnings];
    const untold = problems.filter((problem) => !this.#told.has(key(problem)));
    this.#told = new Set(problems.map(key));
    for (const problem of untold) {
      const { label, open } = instancesSetting();
      const correction = this.#correction(problem);
      notify('warning', describe(problem, !warnings.includes(problem), correction?.url), {
        ...correction?.actions,
        [label]: open,
      });
    }
  }

  /** Offers the probable URL, unless another entry has it. */
  #correction({ correction }: InstanceProblem): { readonly url: string; readonly actions: Actions } | undefined {
    if (!correction || this.#instances.find(correction.platform)) return undefined;
    const { href } = correction.platform;
    const correct = (): unknown => runCommand('zeyos.addInstance', { instance: href, replaces: correction.written });
    return { url: href, actions: { [l10n.t('Correct URL')]: correct } };
  }
}

function describe(problem: InstanceProblem, isUnusable: boolean, correctUrl: string | undefined): string {
  const entry = harmlessText(problem.entry) ?? '?';
  const what = describeInstanceProblem(problem.problem);
  const message = isUnusable
    ? l10n.t('The ZeyOS instance {0} in the settings cannot be used. {1}', entry, what)
    : l10n.t('Check the ZeyOS instance {0} in the settings. {1}', entry, what);
  return correctUrl === undefined ? message : l10n.t('{0} Its URL is probably {1}.', message, correctUrl);
}

function key({ entry, problem }: InstanceProblem): string {
  return `${problem} ${entry}`;
}
