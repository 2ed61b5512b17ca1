import * as l10n from '@vscode/l10n';
import { ReadOnlyDocuments } from './documents';

export interface Documents {
  readonly introspections: ReadOnlyDocuments;
  readonly reports: ReadOnlyDocuments;
}

/** A window that restores a document asks for its text at the start. */
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
