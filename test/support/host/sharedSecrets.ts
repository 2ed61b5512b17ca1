import type { BrowserContext, Page } from 'playwright-core';

export type SecretOperation = 'get' | 'set' | 'delete' | 'keys';

export const secretKey = (extensionId: string, key: string): string => JSON.stringify({ extensionId, key });

/**
 * Gives the served editor one secret storage for all windows with events in every window, as on the desktop. By default
 * each window of the served editor has a separate copy. The store outlives server and browser.
 */
export async function shareSecrets(
  context: BrowserContext,
  store = new Map<string, string>(),
): Promise<Map<string, string>> {
  const pages = new Set<Page>();
  const watch = (page: Page) => {
    pages.add(page);
    page.on('close', () => pages.delete(page));
  };
  context.pages().forEach(watch);
  context.on('page', watch);

  await context.exposeBinding('__secret', ({ page }, operation: SecretOperation, key: string, value: string) => {
    if (operation === 'get') return store.get(key);
    if (operation === 'keys') return [...store.keys()];
    if (operation === 'set') store.set(key, value);
    else store.delete(key);
    for (const other of pages) {
      // A window that is closing does not need the event.
      if (other !== page)
        void other.evaluate(`globalThis.__secretChanged?.(${JSON.stringify(key)})`).catch(() => undefined);
    }
    return undefined;
  });
  await context.addInitScript(`if (window.top === window) globalThis.__secretProvider = {
    type: 'persisted',
    get: (key) => __secret('get', key),
    set: (key, value) => __secret('set', key, value),
    delete: (key) => __secret('delete', key),
    keys: () => __secret('keys'),
  };`);
  return store;
}

/**
 * Makes the workbench’s script use the page’s secret provider, and exposes its event emitter. Matches the scripts of
 * both editors.
 */
export function rewire(script: string): string {
  const construction = /secretStorageProvider:(\w+\.remoteAuthority&&!\w+\?void 0:new \w+\(\w+\))/;
  const service = /(\w+)\.options\?\.secretStorageProvider&&\(/;
  const emitter = /await this\.\w+\.set\(\w+,\w+\),this\.(\w+)\.fire\(/.exec(script.slice(script.search(service)))?.[1];
  if (!construction.test(script) || !service.test(script) || emitter === undefined)
    throw new Error('This workbench keeps its secrets in a way that is not known here.');
  return script
    .replace(construction, (_, original: string) => `secretStorageProvider:globalThis.__secretProvider??(${original})`)
    .replace(service, (original) => `${original}globalThis.__secretChanged=k=>this.${emitter}.fire(k),`);
}
