import type { Clock } from '../../../src/base/clock';
import type { Exchange } from './exchange';
import { addIssuer, answerWith, loseAnswer } from './faultAnswers';

export type LostAnswer = 'hang' | 'reset' | 'truncated';

/** A failure between client and server. All but the first three replace the work and its answer. */
export type Fault =
  /** Waits, then continues normally. */
  | { kind: 'delay'; ms: number }
  /**
   * Does the work, then loses the answer like the fault of that name: the server has changed, and the client cannot
   * know.
   */
  | { kind: 'lostAnswer'; how: LostAnswer }
  /** Does the work, and adds this issuer identifier (`iss`, RFC 9207) to its redirect. */
  | { kind: 'issuer'; iss: string }
  | { kind: 'hang' }
  /** Closes the connection without an answer. */
  | { kind: 'reset' }
  /** Announces more than it sends, then closes the connection. */
  | { kind: 'truncated' }
  /** The page of a proxy. The default status is 502. */
  | { kind: 'html'; status?: number }
  /** Any answer. The default status is 200. */
  | { kind: 'json'; status?: number; body: unknown; headers?: Record<string, string> }
  | { kind: 'text'; status?: number; body: string; headers?: Record<string, string> }
  /** Streams 5 MiB of JSON. */
  | { kind: 'huge' }
  /** 64 MiB of JSON, compressed to a few kilobytes. */
  | { kind: 'bomb' }
  /** One byte at a time without end. */
  | { kind: 'slowDrip'; everyMs: number }
  /** Sends these bytes (as Latin-1) instead of an HTTP answer, and closes the connection. */
  | { kind: 'raw'; bytes: string }
  /** Answers HTTP/1.1 as a server that speaks only HTTP/2: with the frame that begins or ends its connections. */
  | { kind: 'http2Frame'; frame: 'SETTINGS' | 'GOAWAY' }
  /** The page that nginx sends after the handshake to a client without a certificate. */
  | { kind: 'clientCertificatePage' }
  | { kind: 'status'; status: number; retryAfterSeconds?: number }
  /** Rejects every request without this one-time code (`otp`) in these words. The defaults are text and 401. */
  | { kind: 'oneTimeCode'; code: string; words: string; as?: 'text' | 'json'; status?: number }
  /** The default status is 302. */
  | { kind: 'redirect'; location: string; status?: number };

export interface ActiveFault {
  /** Matched against `METHOD /path`. A string matches anywhere in it. */
  readonly where: RegExp | string;
  readonly fault: Fault;
  /** Number of requests that the fault will still affect. */
  readonly remaining: number;
}

/** The active faults, applied in the order in which they were set. */
export class Faults {
  private rules: { where: RegExp | string; fault: Fault; remaining: number }[] = [];
  private readonly held = new Set<Exchange>();

  constructor(private readonly wait: Clock['wait']) {}

  get active(): readonly ActiveFault[] {
    return this.rules;
  }

  /** How many open requests a fault keeps from being answered. */
  get unanswered(): number {
    return this.held.size;
  }

  add(where: RegExp | string, fault: Fault, times = Infinity): () => void {
    const rule = { where, fault, remaining: times };
    this.rules.push(rule);
    return () => this.remove(rule);
  }

  clear(): void {
    this.rules = [];
  }

  /** Returns true if a fault has handled the exchange. Delays add up, and other faults may follow them. */
  async apply(exchange: Exchange): Promise<boolean> {
    for (const rule of [...this.rules]) {
      // The fault may have been removed or used up while an earlier one delayed this exchange.
      if (!this.rules.includes(rule) || !matches(rule.where, `${exchange.method} ${exchange.path}`)) {
        continue;
      }
      if (rule.fault.kind === 'oneTimeCode' && exchange.fields?.get('otp') === rule.fault.code) {
        continue;
      }
      rule.remaining -= 1;
      if (rule.remaining <= 0) {
        this.remove(rule);
      }
      if (rule.fault.kind === 'lostAnswer') {
        loseAnswer(rule.fault.how, exchange, () => this.hold(exchange));
        return false;
      }
      if (rule.fault.kind === 'issuer') {
        addIssuer(rule.fault.iss, exchange);
        return false;
      }
      if (rule.fault.kind === 'hang' || rule.fault.kind === 'slowDrip') this.hold(exchange);
      if (rule.fault.kind !== 'delay') {
        await answerWith(rule.fault, exchange, this.wait);
        return true;
      }
      await this.wait(rule.fault.ms, exchange.closed);
    }
    return false;
  }

  private hold(exchange: Exchange): void {
    if (exchange.closed.aborted) return;
    this.held.add(exchange);
    exchange.closed.addEventListener('abort', () => this.held.delete(exchange), { once: true });
  }

  private remove(rule: ActiveFault): void {
    this.rules = this.rules.filter((other) => other !== rule);
  }
}

function matches(where: RegExp | string, line: string): boolean {
  // `search` is stateless. `test` is not for an expression with the flag g.
  return typeof where === 'string' ? line.includes(where) : line.search(where) >= 0;
}
