import type { Fault } from './faults';

/** The endpoints that issue tokens on every API, and those below them. */
export const tokenEndpoints = /^POST .*\/(token(\/|$)|auth\/v1\/login$)/;

/** The faults that the control page offers, by the value that its buttons post. */
export const offeredFaults: Readonly<Record<string, { label: string; fault: Fault }>> = {
  hang: { label: 'Never answer', fault: { kind: 'hang' } },
  503: { label: '503 Service Unavailable', fault: { kind: 'status', status: 503 } },
  429: { label: '429, retry after 5 seconds', fault: { kind: 'status', status: 429, retryAfterSeconds: 5 } },
  500: {
    label: '500 server_error',
    fault: {
      kind: 'json',
      status: 500,
      body: { error: 'server_error', error_description: 'Runtime Error: I am afraid I can’t do that Dave!' },
    },
  },
  lostAnswer: { label: 'Do the work, lose the answer', fault: { kind: 'lostAnswer', how: 'reset' } },
  reset: { label: 'Cut the connection', fault: { kind: 'reset' } },
  html: { label: 'A proxy’s HTML page', fault: { kind: 'html' } },
};
