import type { GrantType } from './grants';

/** One grant that surface B's token endpoint exchanged for tokens. */
export interface TokenExchange {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly grant_type: GrantType;
  readonly instance: string;
  /** The user's name. */
  readonly user: string;
  /** The refresh token that it consumed. */
  readonly from?: string;
  readonly access_token: string;
  readonly refresh_token: string;
}
