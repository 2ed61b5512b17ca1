import { mkdirSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ObservableSecretStorage } from '../../src/services';

/** A secret storage that processes share like windows. Each secret is a file that is replaced as a whole. */
export class FileSecrets implements ObservableSecretStorage {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  get(key: string): Promise<string | undefined> {
    return readFile(join(this.folder, key), 'utf8').catch(() => undefined);
  }

  async store(key: string, value: string): Promise<void> {
    const temporary = join(this.folder, `.${randomUUID()}`);
    await writeFile(temporary, value);
    await rename(temporary, join(this.folder, key));
  }

  async delete(key: string): Promise<void> {
    await rm(join(this.folder, key), { force: true });
  }

  /** Fires no events, because a window must not depend on them. */
  onDidChange(): { dispose(): void } {
    return { dispose: () => undefined };
  }
}
