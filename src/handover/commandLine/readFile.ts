import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const LONGEST_FILE_BYTES = 1024 * 1024;

/** `foreign`: the file belongs to another user of this machine. */
export type FileRefusal = 'link' | 'notAFile' | 'tooLarge' | 'foreign' | 'unreadable';

export type FileRead =
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly refusal: FileRefusal }
  | {
      readonly kind: 'text';
      readonly text: string;
      /** Other users of this machine may read the file. False on Windows, which has no file modes. */
      readonly isExposed: boolean;
      /** The real path, if the file is a link. */
      readonly target?: string;
    };

/**
 * Never rejects.
 * @param followsLinks whether the file, or its folder, may be a symbolic link
 */
export async function readSmallFile(file: string, followsLinks: boolean): Promise<FileRead> {
  try {
    const real = await realpath(file);
    const folder = dirname(file);
    const expected = join(await realpath(dirname(folder)), basename(folder), basename(file));
    const isLink = real !== expected;
    if (isLink && !followsLinks) return { kind: 'refused', refusal: 'link' };
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    const handle = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return { kind: 'refused', refusal: 'notAFile' };
      if (stats.size > LONGEST_FILE_BYTES) return { kind: 'refused', refusal: 'tooLarge' };
      const user = process.getuid?.();
      if (user !== undefined && stats.uid !== user && stats.uid !== 0) return { kind: 'refused', refusal: 'foreign' };
      const text = await handle.readFile('utf8');
      return {
        kind: 'text',
        text: text.replace(/^\ufeff/, ''),
        isExposed: user !== undefined && (stats.mode & 0o077) !== 0,
        ...(isLink && { target: real }),
      };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'absent' } : { kind: 'refused', refusal: 'unreadable' };
  }
}
