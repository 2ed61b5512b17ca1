import { randomBytes } from 'node:crypto';

/** A token as it stands at the moment of asking; times are epoch milliseconds. */
export interface IssuedToken {
  readonly value: string;
  readonly instance: string;
  /** The user's name. */
  readonly user: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly active: boolean;
  readonly revokedAt?: number;
}

interface Entry {
  readonly value: string;
  readonly instance: string;
  readonly user: string;
  readonly issuedAt: number;
  expiresAt: number;
  revokedAt?: number;
}

/** Every token ever issued, in the order of issue; the ended ones stay to be looked at. */
export class TokenStore {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly now: () => number) {}

  issue(instance: string, user: string, lifetimeSeconds: number): IssuedToken {
    const issuedAt = this.now();
    const entry = { value: randomBytes(20).toString('hex'), instance, user, issuedAt, expiresAt: issuedAt + lifetimeSeconds * 1000 };
    this.entries.set(entry.value, entry);
    return this.snapshot(entry);
  }

  /** A token that is good on this instance now. */
  live(value: string, instance: string): IssuedToken | undefined {
    const entry = this.entries.get(value);
    return entry?.instance === instance && this.isActive(entry) ? this.snapshot(entry) : undefined;
  }

  all(): readonly IssuedToken[] {
    return [...this.entries.values()].map((entry) => this.snapshot(entry));
  }

  /** Throws for a value that was never issued: to revoke nothing is a mistake in a test. */
  revoke(value: string): void {
    this.entry(value).revokedAt ??= this.now();
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
