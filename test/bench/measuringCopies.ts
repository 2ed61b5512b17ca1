import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installHost } from '../support/host/install';
import type { EditorVersion } from '../support/host/versions';
import { readZip } from '../support/zip';

/** The two extensions that are measured side by side. */
export const MEASURED = { zeyos: 'zeyos.zeyos-auth', github: 'vscode.github-authentication' } as const;

export type Measured = keyof typeof MEASURED;

/** Unpacks the extension of a .vsix file into a folder. */
export function unpack(vsix: string, folder: string): void {
  for (const [name, content] of readZip(vsix)) {
    if (!name.startsWith('extension/')) continue;
    const file = join(folder, name.slice('extension/'.length));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/**
 * Copies both extensions into a folder, without activation events, so that only the benchmark activates them, both by
 * the same event. The higher version number has the editor prefer the copy to its built-in GitHub Authentication.
 * @param zeyos the folder of the unpacked package
 */
export async function measuringCopies(
  folder: string,
  zeyos: string,
  version: EditorVersion,
): Promise<Readonly<Record<Measured, string>>> {
  const { folder: editor } = await installHost(version);
  const sources = { zeyos, github: join(editor, 'code-server/lib/vscode/extensions/github-authentication') };
  const copy = (measured: Measured): string => {
    const target = join(folder, measured);
    cpSync(sources[measured], target, { recursive: true });
    const file = join(target, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...manifest, version: '99.0.0', activationEvents: [] }));
    return target;
  };
  return { zeyos: copy('zeyos'), github: copy('github') };
}
