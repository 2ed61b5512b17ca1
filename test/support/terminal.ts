import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { HandleServer, type HandleServerOptions } from '../../src/handover/handleServer';
import type { HandleAnswer, HandleRequest } from '../../src/handover/protocol';
import { terminalEnvironment } from '../../src/handover/terminalEnvironment';
import { atExit } from './cleanUp';
import { Clock } from './clock';
import { root } from './paths';

export const commands = join(root, 'media/terminal/posix');
export const helper = join(root, 'dist/terminalHelper.js');
export const GONE = 'The window of this terminal is gone.';

/** What became of a command. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with the process and what it has printed so far, whenever it prints. */
  readonly onOutput?: (child: ReturnType<typeof spawn>, out: string) => void;
}

/** A ZeyOS terminal without an editor: a handle, and the environment that its shell has. */
export class Terminal {
  readonly #callOff: () => void;

  private constructor(
    readonly server: HandleServer,
    /** The environment of the terminal's shell. */
    readonly env: NodeJS.ProcessEnv,
    /** What the small commands have asked for. */
    readonly requests: readonly HandleRequest[],
  ) {
    this.#callOff = atExit(() => server.close());
  }

  static async open(
    answer: (request: HandleRequest) => HandleAnswer | Promise<HandleAnswer>,
    {
      cli,
      baseUrl = 'https://zeyos.example.com/demo',
      ...options
    }: { cli?: string; baseUrl?: string } & Partial<Omit<HandleServerOptions, 'answer'>> = {},
  ): Promise<Terminal> {
    const requests: HandleRequest[] = [];
    const server = await HandleServer.open({
      clock: new Clock(),
      ...options,
      answer: async (request) => {
        requests.push(request);
        return answer(request);
      },
    });
    const own = terminalEnvironment(
      { baseUrl, handle: server, commands, helper, node: process.execPath, cli, gone: GONE },
      process.env,
    );
    const env: NodeJS.ProcessEnv = { ...process.env };
    for (const [name, value] of Object.entries(own)) {
      if (value === null) delete env[name];
      else env[name] = value;
    }
    return new Terminal(server, env, requests);
  }

  /** Runs a program as the terminal's shell would. */
  run(file: string, args: readonly string[] = [], options: RunOptions = {}): Promise<Ended> {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...this.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let out = '';
    let error = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      options.onOutput?.(child, out);
    });
    child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
    // A command that reads nothing closes its input early.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal, out, error }));
    });
  }

  /** Runs a line in `sh`, which finds the small commands on its path. */
  sh(line: string, options: RunOptions = {}): Promise<Ended> {
    return this.run('/bin/sh', ['-c', line], options);
  }

  close(): void {
    this.#callOff();
    this.server.close();
  }
}
