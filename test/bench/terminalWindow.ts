import { parentPort, workerData } from 'node:worker_threads';
import { VARIABLES } from '../../src/handover/protocol';
import { Terminal } from '../support/terminal';

/** Plays the window of a terminal, and tells the environment that its shell has. */
async function main(): Promise<void> {
  const { node } = workerData as { readonly node: string };
  const { env } = await Terminal.open(() => ({ token: 'c0ffee', baseUrl: 'https://zeyos.example.com/demo' }));
  // Keeps the thread until it is ended, as a window goes on too.
  parentPort?.on('message', () => undefined);
  parentPort?.postMessage({ ...env, [VARIABLES.node]: node });
}

void main();
