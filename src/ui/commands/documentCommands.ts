import * as vscode from 'vscode';
import { UserError } from '../../dialog/report';
import { argumentFor } from './target/commandArgument';
import { diagnose, type DiagnosisCommandServices } from './diagnosisCommand';
import { introspectToken, type TokenCommandServices } from './tokenCommands';
import type { CheckDocuments } from '../documents/checkDocuments';

type DocumentCommandServices = TokenCommandServices & DiagnosisCommandServices;

interface ShownDocument {
  readonly documents: CheckDocuments;
  readonly uri: vscode.Uri;
}

/** Shows the result of the new check in the same tab. */
export async function refreshDocument(services: DocumentCommandServices, argument: unknown): Promise<void> {
  const { documents, uri } = documentOf(services, argument);
  if (documents === services.reports) {
    await diagnose(services, uri.query === '' ? {} : { instance: uri.query }, true);
    return;
  }
  const stored = services.store.find(uri.query);
  if (!stored) throw new UserError(documents.gone);
  await introspectToken(services, argumentFor(stored));
}

export async function showRawResponse(services: DocumentCommandServices, argument: unknown): Promise<void> {
  const { documents, uri } = documentOf(services, argument);
  await documents.showResponse(uri);
}

export async function copyReport(services: DocumentCommandServices, argument: unknown): Promise<void> {
  const { documents, uri } = documentOf(services, argument);
  await documents.copy(uri);
}

export async function showEarlierChecks(services: DocumentCommandServices, argument: unknown): Promise<void> {
  const { documents, uri } = documentOf(services, argument);
  await documents.pickEarlier(uri);
}

/**
 * Returns the document whose title action was clicked, or else the active one.
 * @throws {vscode.CancellationError} it is neither an introspection nor a diagnosis, as when another extension runs the
 * command
 */
function documentOf({ introspections, reports }: DocumentCommandServices, argument: unknown): ShownDocument {
  const uri = argument instanceof vscode.Uri ? argument : activeUri();
  const documents = [introspections, reports].find(({ scheme }) => scheme === uri?.scheme);
  if (!uri || !documents) throw new vscode.CancellationError();
  return { documents, uri: uri.with({ path: uri.path.replace(/\.json$/, '.md') }) };
}

function activeUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText ? input.uri : undefined;
}
