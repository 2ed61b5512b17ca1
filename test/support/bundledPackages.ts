import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './paths';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

/** The packages in the bundles of the last build, from esbuild’s metadata. */
export function bundledPackages(): readonly BundledPackage[] {
  const { inputs } = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, unknown>>;
  };
  const folders = Object.keys(inputs).flatMap((input) => {
    const parts = input.split('/');
    const at = parts.lastIndexOf('node_modules');
    return at < 0 ? [] : [parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join('/')];
  });
  return [...new Set(folders)].map((path) => {
    const folder = resolve(root, path);
    return {
      ...(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Omit<BundledPackage, 'folder'>),
      folder,
    };
  });
}
