import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { SettingsError } from './errors';

/** Largest certificate file accepted, in bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * The text of the file with an instance's certificate authority.
 * @param setting an absolute path, or one that begins with `~/`
 * @throws {SettingsError} `caFileRelative`, `caFileMissing`, `caFileUnreadable`, `caFileNotPem`
 */
export async function readCaFile(setting: string): Promise<string> {
  const file = setting.startsWith('~/') ? join(homedir(), setting.slice(2)) : setting;
  if (!isAbsolute(file)) throw new SettingsError('caFileRelative', setting);
  try {
    const { size, isFile } = await stat(file).then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
    if (!isFile) throw new SettingsError('caFileUnreadable', setting);
    if (size > MAX_BYTES) throw new SettingsError('caFileNotPem', setting);
    return await readFile(file, 'latin1');
  } catch (cause) {
    if (cause instanceof SettingsError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new SettingsError(code === 'ENOENT' || code === 'ENOTDIR' ? 'caFileMissing' : 'caFileUnreadable', setting, { cause });
  }
}

/**
 * The certificates in the text of such a file (RFC 7468 section 5), in PEM again.
 * @throws {SettingsError} `caFileNotPem`: there is none, or one that cannot be parsed
 */
export function parseCertificates(text: string, setting: string): readonly string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0) throw new SettingsError('caFileNotPem', setting);
    return blocks.map((block) => new X509Certificate(block).toString());
  } catch (cause) {
    throw cause instanceof SettingsError ? cause : new SettingsError('caFileNotPem', setting, { cause });
  }
}

/** The authorities that an instance with such certificates is verified by: those that Node ships with, and its own. */
export function trusted(certificates: readonly string[]): string[] {
  return [...rootCertificates, ...certificates];
}
