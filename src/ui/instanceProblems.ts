import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { InstanceProblem } from '../session/instance';
import type { InstanceStore } from '../session/instanceStore';
import { describeInstanceProblem } from '../signIn/instanceProblem';
import { instancesSetting } from '../signIn/remedy';
import { harmlessText } from '../zeyos/plainText';
import { notify } from './notifications';

/** Tells of wrong entries in `zeyos.instances`: each once, as long as it stays the same. */
export class InstanceProblems {
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
    const { problems } = this.#instances;
    const untold = problems.filter((problem) => !this.#told.has(key(problem)));
    this.#told = new Set(problems.map(key));
    for (const { entry, problem } of untold) {
      const { label, open } = instancesSetting();
      const message = l10n.t(
        'The ZeyOS instance {0} in the settings cannot be used. {1}',
        harmlessText(entry) ?? '?',
        describeInstanceProblem(problem),
      );
      notify('warning', message, { [label]: open });
    }
  }
}

function key({ entry, problem }: InstanceProblem): string {
  return `${problem} ${entry}`;
}
