import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from '../host/browser';

/** Makes sure that there is a Chromium: on Debian and Ubuntu, as root, by installing it. */
export function provideChromium(): void {
  if (findChromium() !== undefined) return;
  const byApt = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (byApt && process.env['CHROMIUM'] === undefined) {
    console.log('Installing Chromium, which the tests drive the editor with (apt-get install chromium) …');
    apt('update');
    apt('install', '-y', 'chromium');
    if (findChromium() !== undefined) return;
  }
  throw new Error(
    'The tests need Chromium or Chrome: install it (Debian: apt-get install chromium), or name its executable in the environment variable CHROMIUM.',
  );
}

function apt(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync('apt-get', ['-q', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
}
