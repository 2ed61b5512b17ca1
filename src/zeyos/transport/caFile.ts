import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readCertificates, type CertificateFile } from './certificateFile';
import { SettingsError } from '../errors';

/** Largest certificate file accepted, in bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * The text of the file with an instance's certificate authority.
 * @param setting an absolute path, or one that begins with `~/`
 * @throws {SettingsError} `caFileRelative`, `caFileMissing`, `caFileUnreadable`, `caFileNotPem`
 */
export async function readCaFile(setting: string): Promise<string> {
  try {
    const file = setting.startsWith('~/') ? join(homedir(), setting.slice(2)) : setting;
    if (!isAbsolute(file)) throw new SettingsError('caFileRelative', setting);
    const { size, isFile } = await stat(file).then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
    if (!isFile) throw new SettingsError('caFileUnreadable', setting);
    if (size > MAX_BYTES) throw new SettingsError('caFileNotPem', setting);
    return await readFile(file, 'latin1');
  } catch (cause) {
    if (cause instanceof SettingsError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new SettingsError(code === 'ENOENT' || code === 'ENOTDIR' ? 'caFileMissing' : 'caFileUnreadable', setting, {
      cause,
    });
  }
}

/**
 * The certificates in the text of such a file, and the parts of it that cannot be used.
 * @throws {SettingsError} `caFileNotPem`: there is no certificate that can be used
 */
export function parseCaFile(text: string, setting: string): CertificateFile {
  const file = readCertificates(text);
  const found = file.unusable[0]?.reason;
  if (file.certificates.length === 0) throw new SettingsError('caFileNotPem', setting, { ...(found && { found }) });
  return file;
}

/** The authorities that an instance with such certificates is verified by: those that Node ships with, and its own. */
export function trusted(certificates: readonly string[]): string[] {
  return [...rootCertificates, ...certificates];
}
