import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import type { ReadOnlyDocuments } from '../../editor/documents';
import { ShownDocuments } from '../../editor/shownDocuments';
import { pick } from '../../dialog/prompts';
import { UserError } from '../../dialog/report';
import { CheckHistory, checkMoment, type Check } from './checkHistory';

interface Subject {
  readonly name: string;
  /** Distinguishes subjects of the same name, as the query of the document's URI. */
  readonly key: string;
}

/** Each subject has one document, which shows the newest check until the user picks an earlier one. */
export class CheckDocuments {
  readonly #documents: ReadOnlyDocuments;
  readonly #editors: ShownDocuments;
  readonly #history = new CheckHistory();
  readonly #shown = new Map<string, Check>();

  constructor(documents: ReadOnlyDocuments, clock: Clock) {
    this.#documents = documents;
    this.#editors = new ShownDocuments(documents, clock);
  }

  get scheme(): string {
    return this.#documents.scheme;
  }

  /** Shown if the check is lost, as after a restart. */
  get gone(): string {
    return this.#documents.gone;
  }

  earlier({ key }: Subject): readonly Check[] {
    return this.#history.of(key);
  }

  async show(subject: Subject, check: Check): Promise<void> {
    this.#history.add(subject.key, check);
    await this.#show(this.#documents.uri(subject.name, 'md', subject.key), check);
  }

  /** @throws {UserError} the check is lost */
  async showResponse(uri: vscode.Uri): Promise<void> {
    await this.#editors.showBeside(uri.with({ path: jsonPath(uri) }), this.#shownAt(uri).response ?? '');
  }

  /** @throws {UserError} the check is lost */
  async copy(uri: vscode.Uri): Promise<void> {
    await vscode.env.clipboard.writeText(this.#shownAt(uri).page.markdown);
  }

  /**
   * Shows the check that the user picks.
   * @throws {UserError} no check is known
   * @throws {vscode.CancellationError}
   */
  async pickEarlier(uri: vscode.Uri): Promise<void> {
    const checks = this.#history.of(uri.query);
    if (checks.length === 0) throw new UserError(this.gone);
    const shown = this.#shown.get(uri.query);
    const items = checks.map((check) => ({
      label: checkMoment(check.at, vscode.env.language),
      description: check.result,
      ...(check === shown && { detail: l10n.t('shown in the document') }),
      value: check,
    }));
    const picked = await pick(items, {
      title: l10n.t('Checks in this window'),
      placeholder: l10n.t('Select the check to show'),
    });
    await this.#show(uri, picked);
  }

  async #show(uri: vscode.Uri, check: Check): Promise<void> {
    this.#shown.set(uri.query, check);
    await this.#editors.show(uri, check.page);
    this.#editors.update(uri.with({ path: jsonPath(uri) }), check.response ?? '');
  }

  #shownAt({ query }: vscode.Uri): Check {
    const check = this.#shown.get(query);
    if (!check) throw new UserError(this.gone);
    return check;
  }
}

function jsonPath({ path }: vscode.Uri): string {
  return path.replace(/\.md$/, '.json');
}
