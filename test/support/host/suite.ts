import { statSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import type { Page } from 'playwright-core';
import { systemClock } from '../../../src/base/clock';
import { launchBrowser } from './browser';
import { startHost } from './host';
import type { HostOptions } from './host';
import { judge, reportOf, variables } from './suiteResult';
import type { Ending, SuiteResult } from './suiteResult';
import { temporaryFolder } from '../cleanUp';
import { whenStalled } from '../run/stalled';

export interface SuiteOptions extends Pick<HostOptions, 'version' | 'settings' | 'env' | 'say'> {
  readonly extension: string;
  /** A compiled module with `run(): Promise<void>`, as for the desktop’s test runner. */
  readonly suite: string;
  /** Additional extensions. */
  readonly also?: readonly string[];
  readonly grep?: string | undefined;
  /** Milliseconds within which the suite starts, and within which each next test ends. */
  readonly patience?: number;
}

/** Runs a suite in the extension host of the served editor. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const { version = '1.139', extension, suite, also = [], grep, patience = 180_000 } = options;
  const folder = temporaryFolder('suite');
  const results = join(folder.path, 'results.json');
  const env = {
    ...options.env,
    [variables.results]: results,
    ...(grep === undefined ? {} : { [variables.grep]: grep }),
  };
  const { settings = {}, say = console.error } = options;
  try {
    const host = await startHost({ version, smoke: true, extensions: also, settings, say, env });
    try {
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
        const payload = [
          ['extensionDevelopmentPath', host.remote(extension)],
          ['extensionTestsPath', host.remote(suite)],
        ] as const;
        const progress = (): number => statSync(reportOf(results), { throwIfNoEntry: false })?.size ?? 0;
        return judge(results, await runIn(page, host.url(payload), { patience, progress }));
      } finally {
        await browser.close();
      }
    } finally {
      await host.stop();
    }
  } finally {
    folder.remove();
  }
}

/**
 * Opens the window that runs the suite. Resolves when the suite has ended, or makes no progress. A limit for the whole
 * suite would fail on a busy machine.
 */
async function runIn(
  page: Page,
  url: string,
  { patience, progress }: { readonly patience: number; readonly progress: () => number },
): Promise<Ending> {
  const errors: string[] = [];
  // The workbench calls this function for each log line, and `codeAutomationExit` when `run` has settled.
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    if (type === 'error') errors.push(format(...args));
  });
  const ending = new AbortController();
  const complaint = await new Promise<string | undefined>((end, fail) => {
    whenStalled({ clock: systemClock, ms: patience, signal: ending.signal }, progress).then(
      () => end(`No test ended for ${patience / 1000} s.`),
      () => undefined,
    );
    page.on('crash', () => end('The page crashed.'));
    page
      .exposeFunction('codeAutomationExit', (code: number) =>
        end(code === 0 ? undefined : `The editor ended with ${code}.`),
      )
      .then(() => page.goto(url))
      .catch(fail);
  });
  ending.abort();
  return { complaint, errors };
}
