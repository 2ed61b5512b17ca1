import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until, type Window } from './editor';
import { execute } from './steps';

/** Terminals are drawn as text, so that a test can read them. */
export const READABLE = { 'terminal.integrated.gpuAcceleration': 'off' };

/** A stand-in for ZeyOS's command line, for the search path of the editor. */
export function installCommandLine(folder: string, text: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'zeyos');
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** What the terminal in front shows. */
export async function terminalText({ workbench }: Window): Promise<string> {
  const rows = await workbench.page.locator('.terminal-wrapper.active .xterm-rows >> visible=true').last().innerText();
  return rows.replace(/\u00a0/g, ' ');
}

export function terminalShows(window: Window, text: RegExp): Promise<unknown> {
  return until(`the terminal to show ${text}`, async () => text.test(await terminalText(window).catch(() => '')));
}

/** Types into the newest terminal, once it is in front. */
export async function type(window: Window, line: string): Promise<void> {
  await until('the newest terminal in front', () =>
    window.bridge.evaluate<boolean>('return vscode.window.activeTerminal === vscode.window.terminals.at(-1)'),
  );
  await execute(window, 'workbench.action.terminal.focus');
  // A shell that starts may lose what is typed before its prompt.
  await until('the prompt of the shell', async () => /[#$]\s*$/.test(await terminalText(window).catch(() => '')));
  await window.workbench.page.keyboard.type(`${line}\n`);
}
