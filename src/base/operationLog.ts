import { AsyncLocalStorage } from 'node:async_hooks';
import type { GroupedLog, Log } from './log';
import { withoutSecrets, withoutUserInfos } from './plainText';

/** Values of members and parameters whose name says that they are secret, in a form or in JSON. */
const NAMED = /((?:token|secret|password|passwd|\b(?:otp|code|code_verifier))(?:"?\s*=\s*"?|"\s*:\s*"))[^\s"'&;,]+/gi;
/**
 * A long run of token characters in which a letter follows a digit, because words have digits only at their ends. UUIDs
 * are left out: accounts are named by them.
 */
const RANDOM = /(?<![\w+~-])(?![\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\w+~-]))(?=[\w+~-]*\d[a-z])[\w+~-]{32,}=*/gi;
/** A token that names itself by a prefix. */
const PREFIXED = /\b[a-z_]{0,20}token_(?=\w*\d)\w+/gi;

/** Begins each line with its operation, as in `[signIn 3]`, also if operations interleave. */
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
    // A server's text may contain line ends; a log entry is one line.
    const text = redacted(message).replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
    return operation === undefined ? text : `[${operation}] ${text}`;
  }
}

/** Safety net: redacts anything that looks like a secret. Addresses and words stay. */
function redacted(message: string): string {
  return withoutSecrets(
    withoutUserInfos(message)
      .replace(NAMED, '$1[redacted]')
      .replace(PREFIXED, '[redacted]')
      .replace(RANDOM, '[redacted]'),
    '[redacted]',
  );
}
