import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, LaunchOptions } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  '/snap/bin/chromium',
];

/** Returns $CHROMIUM, or a browser on the PATH or in a usual place. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'];
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...elsewhere].find((path) =>
    existsSync(path),
  );
}

// Prevents every request to other machines. 127.0.0.2 is a loopback address that the editor does not rewrite.
const args = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  `--host-resolver-rules=MAP * ~NOTFOUND, ${['127.0.0.1', '127.0.0.2', 'localhost'].map((host) => `EXCLUDE ${host}`).join(', ')}`,
];

function launchOptions(options: LaunchOptions = {}): LaunchOptions {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('Chromium was not found. Install it, or name its executable in CHROMIUM.');
  return { executablePath, ...options, args: [...args, ...(options.args ?? [])] };
}

export function launchBrowser(options?: LaunchOptions): Promise<Browser> {
  return chromium.launch(launchOptions(options));
}

export type PersistentOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

/** Launches a browser with its profile in a folder. The options are Playwright’s. */
export function launchPersistent(folder: string, options: PersistentOptions = {}): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, {
    viewport: { width: 1280, height: 800 },
    ...options,
    ...launchOptions(options),
  });
}
