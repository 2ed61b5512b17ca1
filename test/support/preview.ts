import MarkdownIt from 'markdown-it';

/** What a reader of the rendered document can see or click. */
export interface Rendered {
  /** The elements in their order, without the texts in them, such as `heading_open h1` or `code_inline code`. */
  readonly elements: readonly string[];
  readonly links: readonly string[];
  /** The text outside of code. */
  readonly text: string;
}

/**
 * The renderers that the editor's preview may be, by its settings. They accept a link of any scheme, and find more
 * links than the preview.
 */
const renderers = [true, false].flatMap((breaks) =>
  [true, false].map((typographer) => {
    const renderer = new MarkdownIt({ html: true, linkify: true, breaks, typographer });
    renderer.linkify.set({ fuzzyLink: true, fuzzyEmail: true });
    renderer.validateLink = () => true;
    return renderer;
  }),
);

/** Renders Markdown as the editor's preview does, once for each of its settings. */
export function previews(markdown: string): readonly Rendered[] {
  return renderers.map((renderer) => {
    const tokens = renderer.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
    return {
      elements: tokens
        .filter(({ type }) => !['text', 'softbreak', 'hardbreak', 'inline', 'link_open', 'link_close'].includes(type))
        .map(({ type, tag }) => `${type} ${tag}`),
      links: tokens.filter(({ type }) => type === 'link_open').map((token) => token.attrGet('href') ?? ''),
      text: tokens
        .filter(({ type }) => type === 'text')
        .map(({ content }) => content)
        .join('\n'),
    };
  });
}
