import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../host/browser';

/** Throws if there is no Chromium. As root on Debian or Ubuntu, installs it. */
export function provideChromium(): void {
  if (findChromium() !== undefined) return;
  const byApt = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (byApt && process.env['CHROMIUM'] === undefined) {
    console.log('Installing Chromium, in which the tests open the editor (apt-get install chromium) …');
    apt('update');
    apt('install', '-y', 'chromium');
    if (findChromium() !== undefined) return;
  }
  throw new Error(
    'The tests need Chromium or Chrome. Install it (Debian: apt-get install chromium), or set the environment variable CHROMIUM to its path.',
  );
}

function apt(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync('apt-get', ['-q', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}
