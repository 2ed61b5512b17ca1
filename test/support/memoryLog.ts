import type { GroupedLog } from '../../src/base/log';

/** A log in memory with lines such as `warn: no answer`. */
export class MemoryLog implements GroupedLog {
  readonly lines: string[] = [];

  readonly debug = (message: string): void => this.#add('debug', message);
  readonly info = (message: string): void => this.#add('info', message);
  readonly warn = (message: string): void => this.#add('warn', message);
  readonly error = (message: string): void => this.#add('error', message);

  during<T>(_name: string, work: () => T): T {
    return work();
  }

  get text(): string {
    return this.lines.join('\n');
  }

  #add(level: string, message: string): void {
    this.lines.push(`${level}: ${message}`);
  }
}
