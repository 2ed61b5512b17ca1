import { setTimeout as wait } from 'node:timers/promises';
import type { Exchange } from './exchange';
import { addIssuer, answerWith, loseAnswer } from './faultAnswers';

export type LostAnswer = 'hang' | 'reset' | 'truncated';

/** What can go wrong between a client and its server. All but the first three replace the work and its answer. */
export type Fault =
  /** Waits, then goes on as if nothing had been. */
  | { kind: 'delay'; ms: number }
  /** Does the work, then loses the answer as the fault of that name does: the server has changed, and the client cannot know. */
  | { kind: 'lostAnswer'; how: LostAnswer }
  /** Does the work, and adds this issuer identifier (`iss`, RFC 9207) to the redirect that it answers with. */
  | { kind: 'issuer'; iss: string }
  /** Takes the request and never answers. */
  | { kind: 'hang' }
  /** Cuts the connection without an answer. */
  | { kind: 'reset' }
  /** Announces more than it sends, then cuts the connection. */
  | { kind: 'truncated' }
  /** A proxy's page; 502 unless told. */
  | { kind: 'html'; status?: number }
  /** Any wrong shape and any error; 200 unless told. */
  | { kind: 'json'; status?: number; body: unknown; headers?: Record<string, string> }
  | { kind: 'text'; status?: number; body: string; headers?: Record<string, string> }
  /** 5 MiB of JSON, streamed. */
  | { kind: 'huge' }
  /** 64 MiB of JSON, compressed to a few kilobytes. */
  | { kind: 'bomb' }
  /** One byte at a time, and no end. */
  | { kind: 'slowDrip'; everyMs: number }
  /** These bytes (as Latin-1) in place of an answer in HTTP, and the end of the connection. */
  | { kind: 'raw'; bytes: string }
  /** Answers HTTP/1.1 as a server does that speaks only HTTP/2: with the frame that begins its connections, or ends them. */
  | { kind: 'http2Frame'; frame: 'SETTINGS' | 'GOAWAY' }
  /** nginx's page for a client without a certificate, which it sends after the handshake. */
  | { kind: 'clientCertificatePage' }
  | { kind: 'status'; status: number; retryAfterSeconds?: number }
  /** Refuses every request without this one-time code (`otp`), in these words: as text unless told, with 401 unless told. */
  | { kind: 'oneTimeCode'; code: string; words: string; as?: 'text' | 'json'; status?: number }
  /** 302 unless told. */
  | { kind: 'redirect'; location: string; status?: number };

export interface ActiveFault {
  /** Matched against `METHOD /path`: a string anywhere in it. */
  readonly where: RegExp | string;
  readonly fault: Fault;
  /** How many more requests it will hit. */
  readonly remaining: number;
}

/** The faults that are set, applied in the order they were set. */
export class Faults {
  private rules: { where: RegExp | string; fault: Fault; remaining: number }[] = [];
  private readonly held = new Set<Exchange>();

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

  /** True when a fault has taken the exchange over. Delays add up, and any other fault may follow them. */
  async apply(exchange: Exchange): Promise<boolean> {
    for (const rule of [...this.rules]) {
      // A fault may have been lifted, or used up, while an earlier one delayed this exchange.
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
        await answerWith(rule.fault, exchange);
        return true;
      }
      await wait(rule.fault.ms, undefined, { signal: exchange.closed });
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
  // `search` has no memory; `test` would, for an expression with the flag g.
  return typeof where === 'string' ? line.includes(where) : line.search(where) >= 0;
}
