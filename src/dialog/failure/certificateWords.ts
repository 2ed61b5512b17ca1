import * as l10n from '@vscode/l10n';
import type { UnusablePart, UnusableReason } from '../../zeyos/transport/certificateFile';

/** The number of parts of a file that are listed. */
const MAX_LISTED = 3;

/** Says which parts of a `caFile` are not used, and why, in the user's language. */
export function unusableText(parts: readonly UnusablePart[]): string {
  const listed = parts
    .slice(0, MAX_LISTED)
    .map(({ position, line, reason }) => l10n.t('number {0}, on line {1} ({2})', position, line, reasonText(reason)));
  const more = parts.length - listed.length;
  return [...listed, ...(more > 0 ? [l10n.t('and {0} more', more)] : [])].join('; ');
}

/** Names what a part of a `caFile` is instead of a certificate, in the user's language. */
export function reasonText(reason: UnusableReason): string {
  switch (reason) {
    case 'unreadable':
      return l10n.t('not a readable certificate');
    case 'incomplete':
      return l10n.t('a certificate that is cut off');
    case 'distrusted':
      return l10n.t('a certificate that is marked as not trusted for servers');
    case 'privateKey':
      return l10n.t('a private key');
    case 'pkcs7':
      return l10n.t('a PKCS #7 container');
    case 'pkcs12':
      return l10n.t('a PKCS #12 container');
    case 'request':
      return l10n.t('a certificate request');
    case 'revocations':
      return l10n.t('a list of revoked certificates');
    case 'other':
      return l10n.t('something other than a certificate');
  }
}
