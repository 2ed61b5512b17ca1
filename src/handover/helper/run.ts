import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { KEPT_BY_EDITOR, NO_TOKEN, NOT_INHERITED, VARIABLES, type HandleRequest } from '../protocol';
import { invocation } from './commandLine';

/** The shells' exit code for a missing command. */
const NOT_FOUND = 127;
/** The scripts save NODE_OPTIONS here, because the helper itself must not obey it. */
const SAVED_NODE_OPTIONS = 'ZEYOS_TERMINAL_NODE_OPTIONS';

type Request = (what: HandleRequest) => Promise<{ readonly token: string; readonly baseUrl: string } | undefined>;

/** Resolves to the exit code. For shells that cannot replace their own process by a command. */
export async function runCommand(words: readonly string[], request: Request): Promise<number> {
  const [command] = words;
  if (command === undefined || command.startsWith('-')) {
    process.stderr.write('Usage: zeyos-run <command> [<argument> …]\n');
    return 2;
  }
  const line = command === 'zeyos' ? await zeyosLine(words, request) : words;
  if (!line) return NO_TOKEN;
  // A command that zeyos-run started has a token, but no handle.
  const isNested = process.env[VARIABLES.handle] === undefined && process.env['ZEYOS_TOKEN'] !== undefined;
  const answer = isNested ? {} : await request({ ask: 'token', command });
  if (!answer) return NO_TOKEN;
  return start(line, environmentFor(answer));
}

/**
 * Resolves to `undefined`, after telling the user why, if the command line is not installed or would show the token.
 */
async function zeyosLine(words: readonly string[], request: Request): Promise<readonly string[] | undefined> {
  const cli = process.env[VARIABLES.cli];
  const showsToken = words.some((word) => /^--show-token(=|$)/.test(word));
  if (cli && !showsToken) return [cli, ...words.slice(1)];
  await request({ ask: showsToken ? 'showToken' : 'notInstalled' });
  return undefined;
}

function environmentFor({ token, baseUrl }: { token?: string; baseUrl?: string }): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...KEPT_BY_EDITOR };
  for (const name of [...NOT_INHERITED, SAVED_NODE_OPTIONS]) delete environment[name];
  const options = process.env[SAVED_NODE_OPTIONS];
  if (options) environment['NODE_OPTIONS'] = options;
  if (token !== undefined) environment['ZEYOS_TOKEN'] = token;
  if (baseUrl !== undefined) environment['ZEYOS_BASE_URL'] = baseUrl;
  return environment;
}

async function start(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const found = invocation(words, environment);
  if (!found) return notFound(words);
  // The console also sends these signals to the command, which decides about them.
  for (const signal of ['SIGINT', 'SIGBREAK'] as const) process.on(signal, () => undefined);
  const child = spawn(found.file, found.args, {
    stdio: 'inherit',
    env: environment,
    windowsVerbatimArguments: found.isVerbatim,
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(notFound(words)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

function notFound([command = '']: readonly string[]): number {
  process.stderr.write(`zeyos-run: ${command}: command not found\n`);
  return NOT_FOUND;
}
