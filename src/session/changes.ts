import { EventEmitter } from 'node:events';

/** Tells whoever listens that something has changed; what, they look up. */
export class Changes {
  readonly #emitter = new EventEmitter();

  readonly onDidChange = (listener: () => void): { dispose(): void } => {
    this.#emitter.on('change', listener);
    return { dispose: () => this.#emitter.off('change', listener) };
  };

  fire(): void {
    this.#emitter.emit('change');
  }
}
