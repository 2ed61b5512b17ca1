import * as l10n from '@vscode/l10n';
import { ReadOnlyDocuments } from './documents';

/** The documents with what the commands find out, one kind for each command. */
export interface Documents {
  readonly introspections: ReadOnlyDocuments;
  readonly reports: ReadOnlyDocuments;
}

/** Registers the documents at the start: a window that restores one of the last session asks for its text. */
export function registerDocuments(): Documents {
  return {
    introspections: new ReadOnlyDocuments(
      'zeyos-introspection',
      l10n.t('This result is no longer available. Run "ZeyOS: Introspect Token" again.'),
    ),
    reports: new ReadOnlyDocuments(
      'zeyos-diagnosis',
      l10n.t('This report is no longer available. Run "ZeyOS: Diagnose Connection" again.'),
    ),
  };
}
