import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface ListedExtension {
  readonly identifier: { readonly id: string };
  readonly version: string;
  readonly location: { readonly $mid: 1; readonly path: string; readonly scheme: 'file' };
  readonly relativeLocation: string;
}

/** A command that starts an editor and accepts `--install-extension`. */
export interface EditorCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

/** Adds extensions to an editor’s folder. A folder is linked, a .vsix is installed. */
export async function addExtensions(
  folder: string,
  extensions: readonly string[],
  editor: EditorCommand,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const packages = extensions.filter((path) => path.endsWith('.vsix'));
  const linked = extensions.filter((path) => !packages.includes(path)).map((path) => link(folder, path));
  for (const path of packages) {
    await promisify(execFile)(editor.command, [...editor.args, '--install-extension', path, '--force'], {
      env: editor.env,
    });
  }
  list(folder, linked);
}

function link(folder: string, extension: string): ListedExtension {
  const { publisher, name, version } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8')) as Record<
    'publisher' | 'name' | 'version',
    string
  >;
  const id = `${publisher}.${name}`.toLowerCase();
  const relativeLocation = `${id}-${version}`;
  const path = join(folder, relativeLocation);
  if (lstatSync(path, { throwIfNoEntry: false })) rmSync(path, { recursive: true });
  // A junction needs no privilege on Windows; elsewhere it is a link like any other.
  symlinkSync(extension, path, 'junction');
  return { identifier: { id }, version, location: { $mid: 1, path: uriPath(path), scheme: 'file' }, relativeLocation };
}

/** The path of a `file:` URI: `C:\\x` is `/c:/x` in it, as the editor writes it. */
export function uriPath(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  return /^[A-Za-z]:/.test(path) ? `/${slashed.charAt(0).toLowerCase()}${slashed.slice(1)}` : path;
}

/** Adds linked extensions to the editor’s list, because it ignores or deletes folders that are not in its list. */
function list(folder: string, linked: readonly ListedExtension[]): void {
  const file = join(folder, 'extensions.json');
  if (!existsSync(file)) return;
  const listed = JSON.parse(readFileSync(file, 'utf8')) as ListedExtension[];
  const others = listed.filter(
    ({ identifier }) => !linked.some((one) => one.identifier.id === identifier.id.toLowerCase()),
  );
  writeFileSync(file, JSON.stringify([...others, ...linked]));
}
