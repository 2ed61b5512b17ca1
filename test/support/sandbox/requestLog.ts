import type { IncomingHttpHeaders } from 'node:http';

/** One request as it arrived, and how it was answered. */
export interface RequestRecord {
  readonly at: number;
  readonly method: string;
  /** Percent-decoded, without the query. */
  readonly path: string;
  /** Without the '?'; empty when there is none. */
  readonly query: string;
  readonly instance: string | undefined;
  /** Undefined as long as no status line was sent, so for ever when a fault swallowed the request. */
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What clients asked, oldest first. In memory only, because it holds passwords and tokens. */
export class RequestLog {
  private records: RequestRecord[] = [];

  get all(): readonly RequestRecord[] {
    return this.records;
  }

  add(record: RequestRecord): void {
    this.records.push(record);
  }

  clear(): void {
    this.records = [];
  }
}
