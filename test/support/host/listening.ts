import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';

/** Resolves to the port that the server prints. Its whole output is written to the file. */
export function listening(server: ChildProcess, logFile: string): Promise<number> {
  const log = createWriteStream(logFile, { mode: 0o600 });
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      log.write(chunk);
      if (output.length > 100_000) return;
      output += chunk.toString();
      const [, port] = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(output) ?? [];
      if (port !== undefined) resolve(Number(port));
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('error', reject);
    server.once('close', (code) => {
      log.end();
      reject(new Error(`The editor ended with ${code}.\n${output}`));
    });
    setTimeout(() => reject(new Error(`The editor did not start within 60 s.\n${output}`)), 60_000).unref();
  });
}
