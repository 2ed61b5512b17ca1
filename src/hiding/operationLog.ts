import { AsyncLocalStorage } from 'node:async_hooks';
import type { GroupedLog, Log } from '../base/log';
import { redactLogLine } from './logRedaction';

/** Begins each line with its operation, such as `[signIn 3]`, even if operations interleave. */
export class OperationLog implements GroupedLog {
  readonly #sink: Log;
  readonly #operation = new AsyncLocalStorage<string>();
  #count = 0;

  constructor(sink: Log) {
    this.#sink = sink;
  }

  during<T>(name: string, work: () => T): T {
    return this.#operation.run(`${name} ${++this.#count}`, work);
  }

  debug(message: string): void {
    this.#sink.debug(this.#line(message));
  }

  info(message: string): void {
    this.#sink.info(this.#line(message));
  }

  warn(message: string): void {
    this.#sink.warn(this.#line(message));
  }

  error(message: string): void {
    this.#sink.error(this.#line(message));
  }

  #line(message: string): string {
    const operation = this.#operation.getStore();
    // One line each, whatever a server put into it.
    const text = redactLogLine(message).replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
    return operation === undefined ? text : `[${operation}] ${text}`;
  }
}
