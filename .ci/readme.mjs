// @ts-check
/**
 * Returns the README for a package whose manifest names no repository. The editor and the marketplaces show only
 * pictures and links that begin with https, and vsce can make those of relative ones only if it knows the repository.
 * So paragraphs and tables with a relative picture are left out, and a relative link becomes its text and its path.
 * @param {string} text
 */
export function readmeWithoutRepository(text) {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .filter((block) => !/!\[[^\]]*\]\((?!https:)/.test(block))
    .join('\n\n')
    .replace(/\[([^\]]*)\]\((?!\w+:|#)([^)]+)\)/g, '$1 (`$2`)');
}
