import { createServer } from 'node:net';

// Below what systems give to whoever does not ask for a certain one: somebody would have it before it is used.
const [LOWEST, HIGHEST] = [15_000, 32_000] as const;

/** A port that is free now, and likely to be so later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
