import type { IncomingHttpHeaders } from 'node:http';

export interface RequestRecord {
  readonly at: number;
  readonly method: string;
  /** Percent-decoded, without the query. */
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  readonly instance: string | undefined;
  /** Undefined if no status line was sent. */
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** All requests, oldest first. In memory only, because it contains passwords and tokens. */
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
