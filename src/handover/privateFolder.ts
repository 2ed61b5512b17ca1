import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HandoverError } from './handoverError';
import { addressOf } from './protocol';

/** The longest address of a Unix socket, in bytes. macOS allows 104, with the closing zero. */
const LONGEST_ADDRESS_BYTES = 100;

/** The folders for a handle, the best first. The system empties the user's own runtime folder. */
export function runtimeFolders(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  if (platform === 'win32') return [tmpdir()];
  const ofUser = environment['XDG_RUNTIME_DIR'];
  return [...(ofUser ? [ofUser] : []), tmpdir(), '/tmp'];
}

/**
 * Creates a folder that only this user can enter, in the first of `parents` whose path is short enough.
 * @throws {HandoverError} `noFolder`
 */
export async function createPrivateFolder(parents: readonly string[]): Promise<string> {
  let cause: unknown;
  for (const parent of parents) {
    const folder = join(parent, `zeyos-${randomBytes(8).toString('hex')}`);
    if (Buffer.byteLength(addressOf(folder)) > LONGEST_ADDRESS_BYTES) continue;
    try {
      await mkdir(folder, { mode: 0o700 });
      if (await isPrivate(folder)) return folder;
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      cause = error;
    }
  }
  throw new HandoverError('noFolder', { cause });
}

/** Some file systems ignore modes and owners. Windows has none, but its temporary folder is private to the user. */
async function isPrivate(folder: string): Promise<boolean> {
  if (process.getuid === undefined) return true;
  const { mode, uid } = await lstat(folder);
  return (mode & 0o077) === 0 && uid === process.getuid();
}
