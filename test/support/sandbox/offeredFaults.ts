import type { Fault } from './faults';

/** Every token endpoint of every instance and surface, and what hangs below it. */
export const tokenEndpoints = /^POST .*\/token(\/|$)/;

/** The faults the page offers for them, by the value its buttons post. */
export const offeredFaults: Readonly<Record<string, { label: string; fault: Fault }>> = {
  hang: { label: 'Never answer', fault: { kind: 'hang' } },
  503: { label: '503 Service Unavailable', fault: { kind: 'status', status: 503 } },
  429: { label: '429, retry after 5 seconds', fault: { kind: 'status', status: 429, retryAfterSeconds: 5 } },
  reset: { label: 'Cut the connection', fault: { kind: 'reset' } },
  html: { label: 'A proxy’s HTML page', fault: { kind: 'html' } },
};
