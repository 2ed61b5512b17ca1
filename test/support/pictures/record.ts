import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { root } from '../paths';

/** What one picture, or one frame of an animation, shows. */
export type Texts = readonly string[];

/** What the pictures show, and which files they are. It is committed beside the pictures. */
export interface PictureRecord {
  /** The texts of each picture by its name, the same in all themes. */
  readonly pictures: Readonly<Record<string, Texts>>;
  /** The texts of each frame of an animation by its name. */
  readonly animations: Readonly<Record<string, readonly Texts[]>>;
  /** The SHA-256 of each file, in hex, by its path in the repository. */
  readonly files: Readonly<Record<string, string>>;
}

/** The folder of the pictures that are packaged. */
export const PICTURES = 'media/walkthrough';
/** The folder of the animations, which are not packaged. */
export const ANIMATIONS = 'docs/media';
const FILE = join(root, PICTURES, 'pictures.json');

export function readRecord(): PictureRecord {
  return existsSync(FILE)
    ? (JSON.parse(readFileSync(FILE, 'utf8')) as PictureRecord)
    : { pictures: {}, animations: {}, files: {} };
}

export async function writeRecord(record: PictureRecord): Promise<void> {
  writeFileSync(FILE, await format(JSON.stringify(record), { parser: 'json', printWidth: 120 }));
}

/** The SHA-256 of a file of the repository, in hex. */
export function hashOf(path: string): string {
  return createHash('sha256')
    .update(readFileSync(join(root, path)))
    .digest('hex');
}
