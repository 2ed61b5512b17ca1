import { createServer } from 'node:net';

/** Rejects if the port is taken. The ports are fixed, because sessions belong to URLs. */
export async function requireFreePort(port: number, option: string, host = '127.0.0.1'): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new Error(
          error.code === 'EADDRINUSE'
            ? `Port ${port} is taken, perhaps by another npm start. To use another one: npm start -- ${option} ${port + 1000}`
            : error.message,
        ),
      );
    });
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
