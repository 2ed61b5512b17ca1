import type { GrantType } from './grants';

/** A grant that OAuth 2.0’s token endpoint exchanged for tokens. */
export interface TokenExchange {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly grant_type: GrantType;
  readonly instance: string;
  readonly user: string;
  /** The refresh token that was exchanged. */
  readonly from?: string;
  readonly access_token: string;
  readonly refresh_token: string;
}
