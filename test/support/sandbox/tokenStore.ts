import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ApiName } from './instances';

export interface TokenOrder {
  readonly instance: string;
  readonly api: ApiName;
  readonly kind: 'access' | 'refresh';
  readonly user: string;
  /** The application of the token, if any. */
  readonly client_id?: string;
  /** What the token descends from. Tokens with the same grant can end together. The default is a grant of its own. */
  readonly grant?: string;
}

/** A snapshot of a token. Times are epoch milliseconds. */
export interface IssuedToken extends TokenOrder {
  readonly value: string;
  readonly grant: string;
  readonly issuedAt: number;
  /** Infinity means never. */
  readonly expiresAt: number;
  readonly active: boolean;
  readonly revokedAt?: number;
}

type Entry = Omit<IssuedToken, 'active' | 'expiresAt' | 'revokedAt'> & { expiresAt: number; revokedAt?: number };

/** All tokens in the order of issue, including ended ones. */
export class TokenStore {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly now: () => number,
    /** File in which the tokens outlive the server. */
    private readonly file?: string,
  ) {
    if (file !== undefined && existsSync(file)) {
      for (const entry of JSON.parse(readFileSync(file, 'utf8')) as Entry[]) {
        this.entries.set(entry.value, entry);
      }
    }
  }

  issue(order: TokenOrder, lifetimeSeconds: number): IssuedToken {
    const issuedAt = this.now();
    const entry = {
      grant: randomUUID(),
      ...order,
      value: randomBytes(20).toString('hex'),
      issuedAt,
      expiresAt: issuedAt + lifetimeSeconds * 1000,
    };
    this.entries.set(entry.value, entry);
    this.save();
    return this.snapshot(entry);
  }

  /** Returns an access or refresh token that is valid on this instance. */
  live(value: string, instance: string): IssuedToken | undefined {
    const entry = this.entries.get(value);
    return entry?.instance === instance && this.isActive(entry) ? this.snapshot(entry) : undefined;
  }

  /** Returns a valid or ended token of this instance. */
  find(value: string, instance: string): IssuedToken | undefined {
    const entry = this.entries.get(value);
    return entry?.instance === instance ? this.snapshot(entry) : undefined;
  }

  /** Returns a valid access token of any API. */
  liveAccess(value: string, instance: string): IssuedToken | undefined {
    const token = this.live(value, instance);
    return token?.kind === 'access' ? token : undefined;
  }

  all(): readonly IssuedToken[] {
    return [...this.entries.values()].map((entry) => this.snapshot(entry));
  }

  /**
   * Revokes this token only.
   * @throws if it was never issued, because that is a mistake in a test
   */
  revoke(value: string): void {
    this.entry(value).revokedAt ??= this.now();
    this.save();
  }

  revokeGrant(grant: string): void {
    for (const entry of this.entries.values()) {
      if (entry.grant === grant) {
        this.revoke(entry.value);
      }
    }
  }

  /** Revokes all tokens of an application for a user, whatever their grant. */
  revokeSet({ instance, user, client_id }: Pick<TokenOrder, 'instance' | 'user' | 'client_id'>): void {
    for (const entry of this.entries.values()) {
      if (entry.instance === instance && entry.user === user && entry.client_id === client_id) {
        this.revoke(entry.value);
      }
    }
  }

  revokeAll(): void {
    for (const value of this.entries.keys()) {
      this.revoke(value);
    }
  }

  /** @throws if the token was never issued */
  expire(value: string): void {
    const entry = this.entry(value);
    entry.expiresAt = Math.min(entry.expiresAt, this.now());
    this.save();
  }

  private save(): void {
    if (this.file !== undefined) {
      writeFileSync(this.file, JSON.stringify([...this.entries.values()].filter((entry) => this.isActive(entry))), {
        mode: 0o600,
      });
    }
  }

  private entry(value: string): Entry {
    const entry = this.entries.get(value);
    if (!entry) {
      throw new Error('This token was never issued');
    }
    return entry;
  }

  private isActive(entry: Entry): boolean {
    return entry.revokedAt === undefined && this.now() < entry.expiresAt;
  }

  private snapshot(entry: Entry): IssuedToken {
    return { ...entry, active: this.isActive(entry) };
  }
}
