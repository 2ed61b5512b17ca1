import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { SurfaceName } from './instances';

/** What a token is issued for. */
export interface TokenOrder {
  readonly instance: string;
  readonly surface: SurfaceName;
  readonly kind: 'access' | 'refresh';
  /** The user's name. */
  readonly user: string;
  /** The application it was issued to, where there is one. */
  readonly client_id?: string;
  /** What the token descends from: tokens with the same grant can end together. One of its own unless told. */
  readonly grant?: string;
}

/** A token as it stands at the moment of asking; times are epoch milliseconds. */
export interface IssuedToken extends TokenOrder {
  readonly value: string;
  readonly grant: string;
  readonly issuedAt: number;
  /** Infinity for never. */
  readonly expiresAt: number;
  readonly active: boolean;
  readonly revokedAt?: number;
}

type Entry = Omit<IssuedToken, 'active' | 'expiresAt' | 'revokedAt'> & { expiresAt: number; revokedAt?: number };

/** Every token ever issued, in the order of issue; the ended ones stay to be looked at. */
export class TokenStore {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly now: () => number,
    /** Where the tokens outlive the server. */
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

  /** A token of either kind that is good on this instance now. */
  live(value: string, instance: string): IssuedToken | undefined {
    const entry = this.entries.get(value);
    return entry?.instance === instance && this.isActive(entry) ? this.snapshot(entry) : undefined;
  }

  /** A token of this instance, whether it is good or has ended. */
  find(value: string, instance: string): IssuedToken | undefined {
    const entry = this.entries.get(value);
    return entry?.instance === instance ? this.snapshot(entry) : undefined;
  }

  /** A token that opens something; which surface issued it makes no difference. */
  liveAccess(value: string, instance: string): IssuedToken | undefined {
    const token = this.live(value, instance);
    return token?.kind === 'access' ? token : undefined;
  }

  all(): readonly IssuedToken[] {
    return [...this.entries.values()].map((entry) => this.snapshot(entry));
  }

  /** This one only. Throws for a value that was never issued: to revoke nothing is a mistake in a test. */
  revoke(value: string): void {
    this.entry(value).revokedAt ??= this.now();
    this.save();
  }

  /** All that descend from the grant. */
  revokeGrant(grant: string): void {
    for (const entry of this.entries.values()) {
      if (entry.grant === grant) {
        this.revoke(entry.value);
      }
    }
  }

  /** The tokens that an application has got for a user, whatever they descend from. */
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

  /** Throws for a value that was never issued. */
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
