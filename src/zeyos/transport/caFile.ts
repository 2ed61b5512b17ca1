import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { readCertificates, type CertificateFile } from './certificateFile';
import { SettingsError } from '../errors';

const MAX_BYTES = 1024 * 1024;

/**
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

/** @throws {SettingsError} `caFileNotPem`: no certificate can be used */
export function parseCaFile(text: string, setting: string): CertificateFile {
  const file = readCertificates(text);
  const found = file.unusable[0]?.reason;
  if (file.certificates.length === 0) throw new SettingsError('caFileNotPem', setting, { ...(found && { found }) });
  return file;
}

export function trusted(certificates: readonly string[]): string[] {
  return [...rootCertificates, ...certificates];
}
