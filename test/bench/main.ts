import { statSync } from 'node:fs';
import { Editor } from '../e2e/editor';
import { vsix } from '../support/paths';
import { tallyLine } from '../support/run/tally';
import { readZip } from '../support/zip';
import { ACCOUNTS_BUDGET_MS, BENCH_ACCOUNTS, benchAccounts } from './accounts';
import { reportTerminalOverhead } from './terminalOverhead';

/** A built-in extension that activates at the start, as a reference. */
const GITHUB = 'vscode.github-authentication';
const RUNS = 7;

/**
 * Reports the size of the package, how long the Accounts view takes to build, and its activation time next to the built-in GitHub Authentication in the same
 * windows.
 */
async function main(): Promise<void> {
  const packaged = readZip(vsix);
  console.log(`package ${kilobytes(statSync(vsix).size)}, of which unpacked:`);
  for (const [name, content] of packaged)
    if (name.startsWith('extension/dist/'))
      console.log(`  ${name.slice('extension/'.length)} ${kilobytes(content.length)}`);

  const accountsMs = benchAccounts();
  console.log(
    `Accounts view: one instance with ${BENCH_ACCOUNTS} accounts in ${accountsMs.toFixed(1)} ms, ${accountsMs <= ACCOUNTS_BUDGET_MS ? 'within' : 'OVER'} the budget of ${ACCOUNTS_BUDGET_MS} ms`,
  );

  if (process.platform !== 'win32') await reportTerminalOverhead();
  const editor = await Editor.start({ settings: (sandbox) => ({ 'zeyos.instances': [{ url: sandbox.url('demo') }] }) });
  const times = new Map<string, number[]>();
  try {
    let window = await editor.open();
    for (let run = 0; run < RUNS; run++) {
      if (run > 0) window = await editor.reload(window);
      await window.bridge.evaluate(`await ext('${GITHUB}')`);
      await window.workbench.run('Developer: Show Running Extensions');
      const rows = window.workbench.page.locator('.runtime-extensions-editor .extension');
      for (const name of ['ZeyOS Authentication', 'GitHub Authentication']) {
        const text = await rows.filter({ hasText: name }).locator('.activation-time').innerText();
        times.set(name, [...(times.get(name) ?? []), Number(/(\d+)\s*ms/.exec(text)?.[1])]);
      }
    }
    await window.shot('running-extensions');
  } finally {
    await editor.stop();
  }
  for (const [name, all] of times) {
    const sorted = [...all].sort((a, b) => a - b);
    console.log(
      `${name}: activation ${sorted[0]} / ${sorted[RUNS >> 1]} / ${sorted.at(-1)} ms (minimum / median / maximum of ${RUNS} windows)`,
    );
  }
  console.log(tallyLine({ passed: 1, failed: 0, skipped: 0 }));
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

void main();
