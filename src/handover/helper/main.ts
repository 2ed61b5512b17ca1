import { systemClock } from '../../base/clock';
import { NO_TOKEN, type HandleRequest } from '../protocol';
import { ask } from './ask';
import { runCommand } from './run';

/**
 * The editor's own Node runs this program. It writes a token only to its standard output, which the sh script reads, or
 * into the environment of the command that it starts.
 */
async function main(mode: string | undefined, words: readonly string[]): Promise<number> {
  if (mode === 'token') {
    const answer = await request({ ask: 'token', command: words[0] ?? '' });
    if (!answer) return NO_TOKEN;
    process.stdout.write(`${answer.token}\n${answer.baseUrl}\n`);
    return 0;
  }
  if (mode === 'run') return runCommand(words, request);
  await request({ ask: mode === 'showToken' ? mode : 'notInstalled' });
  return NO_TOKEN;
}

/** Resolves to `undefined`, after telling the user why there is no token. */
async function request(what: HandleRequest): Promise<{ readonly token: string; readonly baseUrl: string } | undefined> {
  const answer = await ask(what, process.env, systemClock);
  if (!('refusal' in answer)) return answer;
  process.stderr.write(`${answer.refusal}\n`);
  return undefined;
}

main(process.argv[2], process.argv.slice(3)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`zeyos-run: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = NO_TOKEN;
  },
);
