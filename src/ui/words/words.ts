import * as l10n from '@vscode/l10n';
import { MINUTE_MS } from '../../base/clock';
import { durationText, type DurationUnit } from '../../dialog/duration';
import {
  signInAgainBy,
  isRenewable,
  type Session,
  type SessionState,
  type StoredAccount,
} from '../../session/model/session';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The time left is shown only below this. */
export const COUNTDOWN_MS = DAY_MS;

/** Writes `5 h 12 min`, rounded down. */
export function spanText(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 1) return l10n.t('less than {0}', durationText(1, 'minute', 'short'));
  const days = Math.floor(minutes / (24 * 60));
  const hours = Math.floor(minutes / 60) % 24;
  const parts: readonly (readonly [number, DurationUnit])[] =
    days > 0
      ? [[days, 'day'], ...(hours > 0 ? [[hours, 'hour'] as const] : [])]
      : [...(hours > 0 ? [[hours, 'hour'] as const] : []), [minutes % 60, 'minute']];
  return parts.map(([count, unit]) => durationText(count, unit, 'short')).join(' ');
}

/** Returns when `spanText(at - now)` changes, in epoch milliseconds. */
export function nextSpanChange(at: number, now: number): number {
  const left = at - now;
  const unit = left >= DAY_MS ? HOUR_MS : MINUTE_MS;
  return left > 0 ? at - Math.floor(left / unit) * unit + 1 : Infinity;
}

/** A nearer moment is shown by its weekday. On the seventh day, the weekday is that of today. */
export const WEEKDAY_MS = 6 * DAY_MS;

/** Writes `25 Nov 2026, 22:29`. */
export function momentText(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

export function stateText({ session, isNewer }: StoredAccount, state: SessionState, now: number): string {
  switch (state) {
    case 'signedOut':
      return l10n.t('signed out');
    case 'expired':
      return l10n.t('expired');
    case 'revoked':
      return session?.ended === 'interrupted' ? l10n.t('ended: renewal was interrupted') : l10n.t('revoked');
    case 'lost':
      return isNewer ? l10n.t('saved by a newer version of the extension') : l10n.t('credentials lost');
    case 'good':
    case 'expiring':
      return runningText(session, now);
  }
}

function runningText(session: Session | undefined, now: number): string {
  const until = session && signInAgainBy(session);
  if (until !== undefined) return l10n.t('signed in, {0} left', spanText(until - now));
  return session && isRenewable(session, now)
    ? l10n.t('signed in, renews automatically')
    : l10n.t('signed in, expiry unknown');
}

export function newerVersionText(labels: string): string {
  return l10n.t(
    'The credentials for {0} were saved by a newer version of this extension. Update the extension in this editor.',
    labels,
  );
}

/** Uses the quotation marks of the language. */
export function inQuotes(text: string): string {
  return l10n.t('"{0}"', text);
}

/** Escapes `$(…)` for a place that renders icons. */
export function escapeIcons(text: string): string {
  return text.replaceAll('$(', '\\$(');
}

export function escapeMarkdown(text: string): string {
  // The editor turns addresses into links after rendering. A zero-width space prevents that.
  const unlinked = text.replace(/:(?=\/\/)|\bwww(?=\.)|@/gi, '$&\u200b');
  // The editor looks for `$(…)` in the HTML, in which an escape is gone and an entity is not.
  return unlinked
    .replaceAll('&', '&amp;')
    .replace(/[\\`*_{}[\]()#+\-.!|<>~:@]/g, '\\$&')
    .replaceAll('$', '&#36;');
}
