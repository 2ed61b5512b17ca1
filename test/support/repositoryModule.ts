import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths';

/** Loads a module of the repository that is not compiled into out/, such as `.ci/readme.mjs`. */
export async function repositoryModule<T>(path: string): Promise<T> {
  return (await import(pathToFileURL(join(root, path)).href)) as T;
}
