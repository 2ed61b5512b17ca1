import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Address {
  readonly port: number;
  readonly pid: number;
  readonly key: string;
}

/** Evaluates code in the extension host of a window through the bridge extension. */
export class Bridge {
  constructor(private readonly address: Address) {}

  get pid(): number {
    return this.address.pid;
  }

  /**
   * Runs `body` as the body of an async function with `vscode`, `ext(id)` (activates an extension and returns its
   * exports), `require` and `arg`. The result is returned as JSON.
   */
  async evaluate<T>(body: string, arg?: unknown): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.address.port}/`, {
      method: 'POST',
      headers: { authorization: this.address.key },
      body: JSON.stringify({ body, arg: arg ?? null }),
    });
    const answer = (await response.json()) as { value: T } | { error: string };
    if ('error' in answer) throw new Error(answer.error);
    return answer.value;
  }
}

/** Returns the bridges of all windows, oldest first. The host must be started with `BRIDGE_DIR` set to `folder`. */
export function bridges(folder: string): Bridge[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  return files.map((file) => new Bridge(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Address));
}

/** Resolves to the bridge of the newest window, as soon as `count` windows since the start have reported. */
export async function waitForBridge(folder: string, count = 1, timeout = 30_000): Promise<Bridge> {
  const end = Date.now() + timeout;
  for (;;) {
    const newest = bridges(folder).at(-1);
    if (newest && bridges(folder).length >= count) return newest;
    if (Date.now() > end) throw new Error(`Window ${count} did not report within ${timeout / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
