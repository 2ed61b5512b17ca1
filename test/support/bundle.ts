import { build, type Metafile } from 'esbuild';
import { join } from 'node:path';
import type * as budgetScript from '../../.ci/budget';
import type * as bundleScript from '../../.ci/bundle';
import { root } from './paths';

export type Budget = typeof budgetScript;

/** The bundle as it is packaged. */
export interface ProductionBundle {
  readonly metafile: Metafile;
  /** The code of each file, by its path in the metafile. */
  readonly files: ReadonlyMap<string, string>;
  /** The files that the editor loads at activation, by their paths in the metafile. */
  readonly atActivation: readonly string[];
}

/** Bundles as for the package, in memory. */
export async function productionBundle(): Promise<ProductionBundle> {
  const { bundleOptions } = await script<typeof bundleScript>('bundle.js');
  const { activationFiles } = await script<Budget>('budget.js');
  const files = new Map<string, string>();
  const write = (path: string, code: string): void => void files.set(path.slice(root.length + 1), code);
  const { metafile } = await build(bundleOptions({ production: true, write }));
  return { metafile, files, atActivation: activationFiles(metafile) };
}

/** A script of the build. */
export async function script<T>(name: string): Promise<T> {
  return ((await import(join(root, '.ci', name))) as { readonly default: T }).default;
}
