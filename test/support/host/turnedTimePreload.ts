// Loaded into the extension host before the editor. It gives the files of the extension a Date and timers that a test
// turns.
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import * as timersPromises from 'node:timers/promises';
import { aboutTurnedTime, type Follower } from './turnedTime';

const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout, Date: RealDate } = globalThis;
const extensionFile = /[\\/]zeyos\.zeyos-auth-[^\\/]*[\\/]dist[\\/](extension|parts[\\/][^\\/]+)\.js$/;
const file = process.env[aboutTurnedTime.variable] ?? '';

/** How far the extension's time is ahead of the machine's, in milliseconds. */
let aheadMs = readAhead();
const pending = new Set<Timer>();

/** A timer that runs out at a moment of the turned time. */
class Timer {
  readonly #due: number;
  readonly #ring: () => void;
  #real: NodeJS.Timeout;
  #keepsAlive = true;

  constructor(ms: number, ring: () => void) {
    this.#due = now() + ms;
    this.#ring = ring;
    this.#real = this.#start();
    pending.add(this);
  }

  get due(): number {
    return this.#due;
  }

  restart(): void {
    realClearTimeout(this.#real);
    this.#real = this.#start();
    if (!this.#keepsAlive) this.#real.unref();
  }

  stop(): void {
    realClearTimeout(this.#real);
    pending.delete(this);
  }

  ref(): this {
    this.#keepsAlive = true;
    this.#real.ref();
    return this;
  }

  unref(): this {
    this.#keepsAlive = false;
    this.#real.unref();
    return this;
  }

  #start(): NodeJS.Timeout {
    return realSetTimeout(
      () => {
        pending.delete(this);
        this.#ring();
      },
      Math.max(0, this.#due - now()),
    );
  }
}

function now(): number {
  return RealDate.now() + aheadMs;
}

function readAhead(): number {
  return Number(readFileSync(file, 'utf8'));
}

const TurnedDate = new Proxy(RealDate, {
  construct: (target, args: unknown[]) => Reflect.construct(target, args.length === 0 ? [now()] : args) as Date,
  get: (target, property) => (property === 'now' ? now : (Reflect.get(target, property) as unknown)),
});

const turnedTimersPromises = {
  ...timersPromises,
  setTimeout: <T>(ms: number, value?: T, { signal }: { signal?: AbortSignal } = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = (): void => {
        timer.stop();
        reject(signal?.reason as Error);
      };
      const timer = new Timer(ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve(value as T);
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

const globals = {
  Date: TurnedDate,
  setTimeout: (ring: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => new Timer(ms, () => ring(...args)),
  clearTimeout: (timer: unknown) =>
    timer instanceof Timer ? timer.stop() : realClearTimeout(timer as NodeJS.Timeout | undefined),
};

const follower: Follower = {
  globals,
  follow() {
    aheadMs = readAhead();
    // Timers that are due now run out in the order of their moments.
    for (const timer of [...pending].sort((one, other) => one.due - other.due)) timer.restart();
  },
};

interface Internals {
  _load: (this: unknown, request: string, parent: NodeJS.Module | undefined, isMain: boolean) => unknown;
  readonly prototype: { _compile: (this: unknown, content: string, filename: string, ...others: unknown[]) => unknown };
}

const modules = Module as unknown as Internals;
const { _load: load } = modules;
const { _compile: compile } = modules.prototype;

modules._load = function (request, parent, isMain) {
  const isExtension = extensionFile.test(parent?.filename ?? '');
  return isExtension && request === 'node:timers/promises'
    ? turnedTimersPromises
    : load.call(this, request, parent, isMain);
};

modules.prototype._compile = function (content, filename, ...others) {
  if (!extensionFile.test(filename)) return compile.call(this, content, filename, ...others);
  Reflect.set(globalThis, aboutTurnedTime.property, follower);
  const declaration = `const {${Object.keys(globals).join(',')}}=globalThis.${aboutTurnedTime.property}.globals;`;
  // In the first line, so that line numbers stay as they are.
  const turned = content.replace(/^("use strict";)?/, (strict) => strict + declaration);
  return compile.call(this, turned, filename, ...others);
};
