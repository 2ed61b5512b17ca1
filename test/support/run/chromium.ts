import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { findChromium } from '../host/browser';

/** Throws if there is no Chromium. As root on Debian or Ubuntu, installs it. */
export async function provideChromium(): Promise<void> {
  if (findChromium() !== undefined) return;
  const byApt = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (byApt && process.env['CHROMIUM'] === undefined) {
    console.log('Installing Chromium, in which the tests open the editor (apt-get install chromium) …');
    await apt('update');
    await apt('install', '-y', 'chromium');
    if (findChromium() !== undefined) return;
  }
  throw new Error(
    'The tests need Chromium or Chrome. Install it (Debian: apt-get install chromium), or set the environment variable CHROMIUM to its path.',
  );
}

async function apt(...args: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await promisify(execFile)('apt-get', ['-q', ...args], { env, maxBuffer: 1 << 26 }).catch((error: unknown) => {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    throw new Error(`apt-get ${args.join(' ')} ended with ${String(code)}:\n${stdout}${stderr}`);
  });
}
