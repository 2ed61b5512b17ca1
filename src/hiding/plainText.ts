import { redactTokens } from './redaction';

/**
 * Makes untrusted text safe to show: removes invisible characters, folds white space, and cuts it to `length`
 * characters. Escape the result for Markdown.
 */
export function plainText(text: string, length = 64): string {
  const visible = text
    .replace(/[\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const characters = [...visible];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : visible;
}

/** Untrusted text for Markdown: in a code span, nothing becomes markup or a link. */
export function codeSpan(text: string): string {
  return `\`${(harmlessText(text) ?? '…').replaceAll('`', "'")}\``;
}

/** Keeps quoted text from becoming a link or an icon in a notification or prompt. */
export function inert(text: string): string {
  return text.replace(/\](?=\s*\()/g, ']\u200b').replace(/\$(?=\()/g, '$\u200b');
}

/** The server's words for a notification or a prompt; `undefined` if there are none, or if they would become a link. */
export function harmlessText(text: string | undefined): string | undefined {
  const shown = text && redactTokens(plainText(text, 200), '…');
  return !shown || /\]\s*\(|command:|\$\(/i.test(shown) ? undefined : shown;
}
