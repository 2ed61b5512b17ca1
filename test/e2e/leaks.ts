import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the files below a folder that hold one of some texts. */
export function filesWith(folder: string, texts: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const path = join(entry.parentPath, entry.name);
    const content = contentOf(path);
    return texts.some((text) => content.includes(text) || content.includes(Buffer.from(text, 'utf16le'))) ? [path] : [];
  });
}

/**
 * Returns the arguments of each process of this machine that has a text in its environment or among its arguments.
 * @param where the name of the file below `/proc/{pid}`
 */
export function processesWith(where: 'environ' | 'cmdline', text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && contentOf(`/proc/${name}/${where}`).includes(text))
    .map((pid) => contentOf(`/proc/${pid}/cmdline`).toString().replaceAll('\0', ' ').trim());
}

/** Returns the content of a file; nothing if it was deleted meanwhile, or if its process has ended. */
function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
