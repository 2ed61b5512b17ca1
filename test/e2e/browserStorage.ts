import type { Window } from './editor';

const DUMP = `(async () => {
  const done = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: () => reject(request.error) }));
  const text = (value) => JSON.stringify(value, (_, part) => (part instanceof ArrayBuffer || ArrayBuffer.isView(part) ? new TextDecoder().decode(part) : part));
  const kept = [text({ ...localStorage }), text({ ...sessionStorage })];
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction(storeName).objectStore(storeName);
      kept.push(...(await Promise.all([store.getAllKeys(), store.getAll()].map(done))).map(text));
    }
    database.close();
  }
  return kept.join('\\n').replaceAll('\\\\"', '"');
})()`;

/** Returns everything that the page stores for the editor and its extensions. The editor writes it with a delay. */
export function browserStorage({ workbench }: Window): Promise<string> {
  return workbench.page.evaluate<string>(DUMP);
}
