import { codeSpan, harmlessText } from '../../hiding/plainText';

/** Every text that is not the extension's own goes through `value`. */
export interface TextStyle {
  readonly heading: (level: 1 | 2, text: string) => string;
  readonly strong: (text: string) => string;
  /** @param depth 1 for an item below another */
  readonly item: (text: string, depth?: 0 | 1) => string;
  readonly value: (text: string) => string;
  /** Writes a canonical platform URL. */
  readonly address: (url: string) => string;
  readonly json: (text: string) => string;
}

/** The editor's preview renders HTML and turns addresses into links, except in a code span or block. */
export const MARKDOWN: TextStyle = {
  heading: (level, text) => `${'#'.repeat(level)} ${text}`,
  strong: (text) => `**${text}**`,
  item: (text, depth = 0) => `${'  '.repeat(depth)}- ${text}`,
  value: codeSpan,
  // Of the characters in a platform's path, only these mean something in Markdown.
  address: (url) => url.replace(/[_~]/g, '\\$&'),
  // A fence in the text would end the block.
  json: (text) => ['```json', text.replaceAll('```', '` ` `'), '```'].join('\n'),
};

/** For an editor without the preview. */
export const PLAIN: TextStyle = {
  heading: (_, text) => text,
  strong: (text) => text,
  item: (text, depth = 0) => `${'  '.repeat(depth + 1)}${text}`,
  value: (text) => harmlessText(text) ?? '…',
  address: (url) => url,
  json: (text) => text,
};

export interface Page {
  readonly markdown: string;
  readonly plain: string;
}

export function pageOf(write: (style: TextStyle) => string): Page {
  return { markdown: write(MARKDOWN), plain: write(PLAIN) };
}
