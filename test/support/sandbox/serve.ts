import { Sandbox } from './sandbox';

/**
 * The sandbox as a process of its own, for tests that need several: it tells `{origin}` in one line of JSON, serves what it
 * issued at `GET /_sandbox/state`, and ends when its standard input does, so it cannot outlive the test that started it.
 */
async function serve(): Promise<void> {
  const sandbox = await Sandbox.start({ exposesState: true });
  process.stdin.once('close', () => void sandbox.stop()).resume();
  process.stdout.write(`${JSON.stringify({ origin: sandbox.origin })}\n`);
}

void serve();
