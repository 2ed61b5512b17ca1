import { Sandbox } from './sandbox';

/**
 * Runs the sandbox as a process of its own, for tests with several processes. It prints `{origin}` as one line of JSON,
 * and serves its state at `GET /_sandbox/state`. It ends with its standard input, so that it cannot outlive the test.
 */
async function serve(): Promise<void> {
  const sandbox = await Sandbox.start({ exposesState: true });
  process.stdin.once('close', () => void sandbox.stop()).resume();
  process.stdout.write(`${JSON.stringify({ origin: sandbox.origin })}\n`);
}

void serve();
