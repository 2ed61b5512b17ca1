import { codeSpan, harmlessText } from '../../hiding/plainText';

/** How a document is written. Every text that is not the extension's own goes through `value`. */
export interface TextStyle {
  readonly heading: (level: 1 | 2, text: string) => string;
  readonly strong: (text: string) => string;
  /** @param depth 0 for an item of the list, 1 for one below it */
  readonly item: (text: string, depth?: 0 | 1) => string;
  /** Untrusted text. */
  readonly value: (text: string) => string;
  /** The canonical URL of an instance. */
  readonly address: (url: string) => string;
  readonly json: (text: string) => string;
}

/**
 * Markdown for the editor's preview, which renders HTML and turns addresses into links. Inside a code span or block it does
 * neither.
 */
export const MARKDOWN: TextStyle = {
  heading: (level, text) => `${'#'.repeat(level)} ${text}`,
  strong: (text) => `**${text}**`,
  item: (text, depth = 0) => `${'  '.repeat(depth)}- ${text}`,
  value: codeSpan,
  // The other characters that the path of an instance may have mean nothing in Markdown.
  address: (url) => url.replace(/[_~]/g, '\\$&'),
  // A fence inside would end the block.
  json: (text) => ['```json', text.replaceAll('```', '` ` `'), '```'].join('\n'),
};

/** The same text without marks, for an editor without the preview. */
export const PLAIN: TextStyle = {
  heading: (_, text) => text,
  strong: (text) => text,
  item: (text, depth = 0) => `${'  '.repeat(depth + 1)}${text}`,
  value: (text) => harmlessText(text) ?? '…',
  address: (url) => url,
  json: (text) => text,
};

/** A document in both styles. */
export interface Page {
  readonly markdown: string;
  readonly plain: string;
}

export function pageOf(write: (style: TextStyle) => string): Page {
  return { markdown: write(MARKDOWN), plain: write(PLAIN) };
}
