import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../base/clock';
import { parseJsonObject } from '../base/json';
import { createPrivateFolder, runtimeFolders } from './privateFolder';
import {
  addressOf,
  TRANSFER_MS,
  LONGEST_REQUEST_BYTES,
  noteOf,
  type HandleAnswer,
  type HandleRequest,
} from './protocol';

const SECRET_BYTES = 32;
/** Further connections are closed at once. `xargs -P` needs several, and each may hold 64 KiB. */
const MOST_CONNECTIONS = 256;

export interface HandleServerOptions {
  /** Answers a request with the right secret. */
  readonly answer: (request: HandleRequest) => Promise<HandleAnswer>;
  readonly clock: Clock;
  /** Absent: {@link runtimeFolders}. */
  readonly parents?: readonly string[];
}

/**
 * Answers the small commands of one terminal, over a socket in a folder of mode 0700 or over a named pipe. A request is
 * the secret and a JSON object, one line each. The server writes nothing before it has compared the secret.
 */
export class HandleServer {
  readonly folder: string;
  readonly secret = randomBytes(SECRET_BYTES).toString('base64url');
  readonly #answer: HandleServerOptions['answer'];
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #digest = digest(this.secret);
  #isOpen = true;

  private constructor(folder: string, { answer, clock }: HandleServerOptions) {
    this.folder = folder;
    this.#answer = answer;
    this.#clock = clock;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /** @throws {HandoverError} `noFolder` */
  static async open(options: HandleServerOptions): Promise<HandleServer> {
    const folder = await createPrivateFolder(options.parents ?? runtimeFolders());
    const server = new HandleServer(folder, options);
    try {
      await server.#listen();
    } catch (error) {
      server.close();
      throw error;
    }
    return server;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /**
   * Leaves a note with the reason for later commands of the terminal.
   * @param sentence for the user; it holds no secret
   */
  async end(sentence: string): Promise<void> {
    if (!this.#isOpen) return;
    this.#stop();
    await writeFile(noteOf(this.folder), sentence, { mode: 0o600 }).catch(() => undefined);
  }

  /** Synchronous, because a reloaded window ends its extensions before a promise resolves. */
  close(): void {
    this.#stop();
    try {
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // An empty folder holds no secret.
    }
  }

  #stop(): void {
    this.#isOpen = false;
    if (this.#server.listening) this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(): Promise<void> {
    const address = addressOf(this.folder);
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(address, () => {
        this.#server.off('error', reject);
        // A connection that cannot be accepted must not end the server.
        this.#server.on('error', () => undefined);
        resolve();
      });
    });
    this.#server.unref();
    if (process.platform !== 'win32') await chmod(address, 0o600);
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const deadline = this.#deadline(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      deadline.dispose();
      this.#sockets.delete(socket);
    });
    let text = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      text = Buffer.concat([text, chunk]);
      const end = text.indexOf('\n');
      if (text.length > LONGEST_REQUEST_BYTES || (end >= 0 && !this.#isSecret(text.subarray(0, end)))) {
        socket.destroy();
        return;
      }
      const second = end < 0 ? -1 : text.indexOf('\n', end + 1);
      if (second < 0) return;
      socket.off('data', read);
      deadline.dispose();
      // Drops further data, because otherwise the end of the connection stays unnoticed.
      socket.resume();
      void this.#reply(socket, parseRequest(text.toString('utf8', end + 1, second)));
    };
    socket.on('data', read);
  }

  async #reply(socket: Socket, request: HandleRequest | undefined): Promise<void> {
    const answer = request && (await this.#answer(request).catch(() => undefined));
    // During the renewal, the user may have signed out.
    if (!answer || !this.#isOpen) {
      socket.destroy();
      return;
    }
    const deadline = this.#deadline(socket);
    socket.on('close', () => deadline.dispose());
    socket.end(`${JSON.stringify(answer)}\n`);
  }

  #deadline(socket: Socket): { dispose(): void } {
    return this.#clock.at(this.#clock.now() + TRANSFER_MS, () => socket.destroy());
  }

  /** Digests have the same length, and the time of their comparison reveals no secret. */
  #isSecret(given: Buffer): boolean {
    return timingSafeEqual(digest(given), this.#digest);
  }
}

function digest(secret: string | Buffer): Buffer {
  return createHash('sha256').update(secret).digest();
}

function parseRequest(text: string): HandleRequest | undefined {
  const { ask, command } = parseJsonObject(text) ?? {};
  if (ask === 'token') return typeof command === 'string' ? { ask, command } : undefined;
  return ask === 'showToken' || ask === 'notInstalled' ? { ask } : undefined;
}
