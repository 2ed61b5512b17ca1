import type { Fetch } from '../../src/zeyos/transport/http';
import type { Clock } from './clock';
import type { Sandbox } from './sandbox/sandbox';

/**
 * A `fetch` that takes no time by the clock: `clock.run` moves the clock only for requests that the sandbox does not
 * answer.
 */
export function standingFetch(clock: Clock, sandbox: Sandbox): Fetch {
  return (url, init) => clock.standStillDuring(whole(fetch(url, init)), () => sandbox.unanswered);
}

/** Resolves when the whole body has arrived, or when it is cut off: whoever reads it finds out. */
async function whole(response: Promise<Response>): Promise<Response> {
  const result = await response;
  await result
    .clone()
    .arrayBuffer()
    .catch(() => undefined);
  return result;
}
