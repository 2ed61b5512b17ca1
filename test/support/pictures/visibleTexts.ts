import type { Locator } from 'playwright-core';

/**
 * Collects, inside one element of the page, each text, icon and field that a person sees, in the order of the document.
 */
const COLLECT = `(root) => {
  const seen = [];
  const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.textContent.trim()) seen.push(node.textContent);
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || !isShown(node)) return;
    const icon = [...node.classList].find((name) => /^codicon-(?!modifier)./.test(name));
    if (icon) seen.push('$(' + icon.slice('codicon-'.length) + ')');
    if (node instanceof HTMLInputElement && node.type !== 'checkbox') {
      const value = node.type === 'password' ? '•'.repeat(node.value.length) : node.value;
      if (value || node.placeholder) seen.push('[' + (value || node.placeholder) + ']');
    }
    node.childNodes.forEach(walk);
  };
  walk(root);
  return seen;
}`;

/** What a person sees inside an element, so that two pictures can be compared without comparing pixels. */
export async function visibleTexts(element: Locator): Promise<readonly string[]> {
  const collect = await element.page().evaluateHandle<(root: unknown) => readonly string[]>(COLLECT);
  const texts = await element.evaluate((root, collectFrom) => collectFrom(root), collect);
  return texts.map(lasting).filter((text) => text !== '');
}

const DAYS = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';
const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';

/** Replaces what differs from one run to the next: dates, times and durations. */
export function lasting(text: string): string {
  return text
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .replace(new RegExp(`\\b(${DAYS})(day|sday|nesday|rsday|urday)?\\b`, 'g'), '<day>')
    .replace(new RegExp(`\\b(${MONTHS})(uary|ruary|ch|il|e|y|ust|t?ember|ober)?\\b`, 'g'), '<month>')
    .replace(/\d+/g, '#')
    .replace(/# ?[AP]M\b/g, '#')
    .trim();
}
