import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

/** Loads a compiled file that imports `vscode` outside of the editor, with this object as the editor. */
export function loadWithVscode<T>(file: string, vscode: object): T {
  const module = { exports: {} };
  const requireThere = createRequire(file);
  const code = readFileSync(file, 'utf8');
  const load = (id: string): unknown => (id === 'vscode' ? vscode : requireThere(id));
  const run = compileFunction(code, ['module', 'exports', 'require'], { filename: file }) as (
    ...context: unknown[]
  ) => void;
  run(module, module.exports, load);
  return module.exports as T;
}
