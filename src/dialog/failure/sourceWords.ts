import * as l10n from '@vscode/l10n';
import type { SentBy } from '../../zeyos/transport/sentBy';

/** Tells whether a value comes from an environment variable, which no button can correct, or from a setting. */
export function isVariable(source: string): boolean {
  return source.includes('_');
}

/** Says where the proxy of a request comes from, in the user's language. */
export function proxyOrigin(source: SentBy['proxy']): string {
  switch (source) {
    case undefined:
    case 'http.proxy':
      return l10n.t('The proxy is set in "http.proxy" in the settings.');
    case 'system':
      return l10n.t('The proxy comes from the proxy settings of your system, which "http.proxy" overrides.');
    default:
      return l10n.t(
        'The proxy is set in the environment variable {0}, which the editor reads when it starts, and which "http.proxy" overrides.',
        source,
      );
  }
}

export function correctionOf(source: string): string {
  return isVariable(source)
    ? l10n.t('Correct the environment variable {0}, then restart the editor', source)
    : l10n.t('Correct "{0}" in the settings', source);
}
