import { AsyncLocalStorage } from 'node:async_hooks';
import type { GroupedLog, Log } from '../base/log';
import { withoutSecrets, withoutUserInfos } from './plainText';

/** What is called a secret, in a form or in JSON. */
const NAMED = /((?:token|secret|password|passwd|\b(?:otp|code|code_verifier))(?:"?\s*=\s*"?|"\s*:\s*"))[^\s"'&;,]+/gi;
/** A long run of the letters of tokens in which a letter follows a digit: words have their numbers at their ends. UUIDs, as the names of accounts, are none. */
const RANDOM = /(?<![\w+~-])(?![\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\w+~-]))(?=[\w+~-]*\d[a-z])[\w+~-]{32,}=*/gi;
/** A token by its own prefix. */
const PREFIXED = /\b[a-z_]{0,20}token_(?=\w*\d)\w+/gi;

/** Begins each line with the operation it belongs to, as in `[signIn 3]`, however the work of several is interleaved. */
export class OperationLog implements GroupedLog {
  readonly #sink: Log;
  readonly #operation = new AsyncLocalStorage<string>();
  #count = 0;

  constructor(sink: Log) {
    this.#sink = sink;
  }

  /** Runs `work` as one operation: all that is logged on its way, awaited or not, is told apart by it. */
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
    const text = redacted(message).replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
    return operation === undefined ? text : `[${operation}] ${text}`;
  }
}

/** Nothing secret is ever logged; should a mistake do it all the same, little of it is to be read. Addresses and words stay. */
function redacted(message: string): string {
  return withoutSecrets(
    withoutUserInfos(message)
      .replace(NAMED, '$1[redacted]')
      .replace(PREFIXED, '[redacted]')
      .replace(RANDOM, '[redacted]'),
    '[redacted]',
  );
}
