import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Clock } from '../../base/clock';
import { addressOf, ANSWER_MS, noteOf, VARIABLES, type HandleAnswer, type HandleRequest } from '../protocol';

/** How often a busy window is asked again. */
const BUSY = { tries: 100, pauseMs: 50 } as const;

/** Never rejects: if the window does not answer, the refusal says why. */
export async function ask(request: HandleRequest, environment: NodeJS.ProcessEnv, clock: Clock): Promise<HandleAnswer> {
  const folder = environment[VARIABLES.handle];
  const secret = environment[VARIABLES.secret];
  if (!folder || !secret)
    return { refusal: 'zeyos-run works only in a terminal that was opened with "ZeyOS: Open Terminal".' };
  const text = `${secret}\n${JSON.stringify(request)}\n`;
  for (let tries = 1; ; tries++) {
    try {
      return parseAnswer(await sendAndReceive(addressOf(folder), text, clock));
    } catch (error) {
      // Linux returns this error if the socket's queue of connections is full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || tries === BUSY.tries)
        return { refusal: reason(folder, environment) };
      await clock.wait(BUSY.pauseMs);
    }
  }
}

function sendAndReceive(address: string, text: string, clock: Clock): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(address, () => socket.write(text));
    const deadline = clock.at(clock.now() + ANSWER_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      deadline.dispose();
      reject(new Error('closed without an answer'));
    });
  });
}

function parseAnswer(text: string): HandleAnswer {
  return JSON.parse(text) as HandleAnswer;
}

/** Without a note, the window has ended. */
function reason(folder: string, environment: NodeJS.ProcessEnv): string {
  try {
    return readFileSync(noteOf(folder), 'utf8');
  } catch {
    return environment[VARIABLES.gone] ?? 'The editor window of this terminal is gone.';
  }
}
