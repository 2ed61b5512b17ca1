import { createServer } from 'node:net';

// Below the range from which systems assign ports. A port in that range could be taken before it is used.
const [LOWEST, HIGHEST] = [15_000, 32_000] as const;

/** Resolves to a port that is free and likely to stay so. */
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
