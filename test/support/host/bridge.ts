import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Address {
  readonly port: number;
  readonly pid: number;
  readonly key: string;
}

/** Evaluates code in the extension host of one window, through the bridge extension in it. */
export class Bridge {
  constructor(private readonly address: Address) {}

  /** The extension host's process. */
  get pid(): number {
    return this.address.pid;
  }

  /** `body` is the body of an async function with `vscode`, `ext(id)` (an extension's exports, activated), `require` and `arg`; its result comes back as JSON. */
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

/** All windows' bridges, oldest first. The host is started with `BRIDGE_DIR` set to `folder`. */
export function bridges(folder: string): Bridge[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  return files.map((file) => new Bridge(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Address));
}

/** The newest window's bridge, once `count` windows (counting from the start) have reported. */
export async function waitForBridge(folder: string, count = 1, timeout = 30_000): Promise<Bridge> {
  const end = Date.now() + timeout;
  for (;;) {
    const newest = bridges(folder).at(-1);
    if (newest && bridges(folder).length >= count) return newest;
    if (Date.now() > end) throw new Error(`Window ${count} did not report within ${timeout / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
