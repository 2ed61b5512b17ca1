import * as assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { VARIABLES } from '../../../src/handover/protocol';
import { until } from './until';

/** What became of a command. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** The environment that the extension gives a terminal, besides that of every terminal. */
export function environmentOf({
  creationOptions,
}: vscode.Terminal): Readonly<Record<string, string | null | undefined>> {
  assert.ok('env' in creationOptions && creationOptions.env, 'the terminal has no environment of its own');
  return creationOptions.env;
}

/** Whether a terminal is one of ours that runs a shell. */
export function isZeyosTerminal({ creationOptions }: vscode.Terminal): boolean {
  return 'env' in creationOptions && creationOptions.env?.[VARIABLES.handle] !== undefined;
}

/** Runs a line in a shell of the test's own, with the environment that the terminal's shell has. */
export function runIn(terminal: vscode.Terminal, line: string): Promise<Ended> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(environmentOf(terminal))) {
    if (value === null || value === undefined) delete env[name];
    else env[name] = value;
  }
  const child = spawn('/bin/sh', ['-c', line], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, error }));
  });
}

/**
 * Types a line into a terminal, and resolves to what its command prints and to its exit code. The command's errors stay
 * in the terminal.
 */
export async function typeInto(terminal: vscode.Terminal, line: string): Promise<Pick<Ended, 'code' | 'out'>> {
  const file = join(tmpdir(), `zeyos-typed-${randomUUID()}`);
  terminal.sendText(`${line} >${file}; echo $? >${file}.code`);
  const code = await until(() => {
    const text = existsSync(`${file}.code`) ? readFileSync(`${file}.code`, 'utf8') : '';
    return text.endsWith('\n') && text.trim();
  });
  return { code: Number(code), out: readFileSync(file, 'utf8') };
}

/**
 * Whether this editor can run a shell: the oldest one of the tests lacks the native part that does, and never tells a
 * process.
 */
export async function runsShells(): Promise<boolean> {
  const terminal = vscode.window.createTerminal({ name: 'probe' });
  const pid = await Promise.race([terminal.processId, delay(5_000)]);
  terminal.dispose();
  return pid !== undefined;
}
