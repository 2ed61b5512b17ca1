import { createHash } from 'node:crypto';
import type { Exchange } from '../exchange';
import type { Context, Handler, Routes } from '../routes';
import { requireAccess } from './access';
import { author, findRow, list } from './database';
import { bodyOf, parseListRequest } from './listRequest';
import { isRefused } from './records';
import type { RecordTable, Refused } from './records';
import { isTableName } from './schema';
import type { Row, TableName } from './schema';

/**
 * The REST API: what it serves at one path below an instance. POST lists, because a list request has a body; PUT
 * creates. Its errors are plain text.
 */
export function rest(path: string): Routes {
  const [, table = '', id] = /^\/api\/v1\/([a-z]+)(?:\/(\d+))?\/?$/.exec(path) ?? [];
  if (!isTableName(table)) return {};
  return { [path]: id === undefined ? collection(table) : item(table, Number(id)) };
}

function collection(table: TableName): Readonly<Record<string, Handler>> {
  const POST: Handler = (exchange, context) => {
    if (requireAccess(exchange, context, table, 'read')) answerList(exchange, context, table);
  };
  if (table === 'users') return { POST };
  const PUT: Handler = (exchange, context) => {
    const by = requireAuthor(exchange, context, table);
    const body = by && requireBody(exchange);
    if (!by || !body) return;
    const row = context.instance.records.create(table, body, by);
    if (isRefused(row)) exchange.text(row.status, row.problem);
    else exchange.json(201, row, { ...versionOf(row), 'Content-Location': `${exchange.path}/${row['ID']}` });
  };
  return { POST, PUT };
}

function item(table: TableName, id: number): Readonly<Record<string, Handler>> {
  const GET: Handler = (exchange, context) => {
    const row = requireAccess(exchange, context, table, 'read') && requireRow(exchange, context, table, id);
    if (!row) return;
    const { ETag } = versionOf(row);
    const query = new URLSearchParams(exchange.query);
    if (exchange.headers['if-none-match'] === ETag) exchange.empty(304, versionOf(row));
    else
      exchange.json(
        200,
        {
          ...row,
          ...(query.get('extdata') === '1' && { extdata: {} }),
          ...(query.get('tags') === '1' && { tags: [] }),
        },
        versionOf(row),
      );
  };
  const HEAD: Handler = (exchange, context) => {
    const row = requireAccess(exchange, context, table, 'read') && requireRow(exchange, context, table, id);
    if (row) exchange.empty(204, versionOf(row));
  };
  if (table === 'users') return { GET, HEAD };
  return {
    GET,
    HEAD,
    PATCH: (exchange, context) => {
      const by = requireAuthor(exchange, context, table);
      const row = by && requireVersion(exchange, requireRow(exchange, context, table, id));
      const body = row && requireBody(exchange);
      if (!by || !row || !body) return;
      const changed = context.instance.records.update(table, row, body, by);
      answerRow(exchange, changed);
    },
    DELETE: (exchange, context) => {
      const by = requireAuthor(exchange, context, table);
      const row = by && requireVersion(exchange, requireRow(exchange, context, table, id));
      if (!row) return;
      context.instance.records.delete(table, row);
      exchange.empty(204);
    },
  };
}

function answerList(exchange: Exchange, { instance }: Context, table: TableName): void {
  const request = parseListRequest(exchange);
  if (typeof request === 'string') {
    exchange.text(400, request);
    return;
  }
  try {
    exchange.json(200, list(instance, table, request));
  } catch (error) {
    if (error instanceof RangeError) exchange.text(400, 'Bad Request: Invalid selection field');
    else if (error instanceof SyntaxError) exchange.text(400, 'Bad Request: Invalid filter');
    else throw error;
  }
}

function answerRow(exchange: Exchange, row: Row | Refused): void {
  if (isRefused(row)) exchange.text(row.status, row.problem);
  else exchange.json(200, row, versionOf(row));
}

/** The author of a change; a request that may not change the table is refused here. */
function requireAuthor(
  exchange: Exchange,
  context: Context,
  table: RecordTable,
): ReturnType<typeof author> | undefined {
  const token = requireAccess(exchange, context, table, 'write');
  return token && author(context.instance, token.user, exchange.clock());
}

function requireRow(exchange: Exchange, { instance }: Context, table: TableName, id: number): Row | undefined {
  const row = findRow(instance, table, id);
  if (!row) exchange.text(404, 'Not Found');
  return row;
}

/** The row, unless the client made its change to an older version of it (RFC 9110, section 13.1.1). */
function requireVersion(exchange: Exchange, row: Row | undefined): Row | undefined {
  const expected = exchange.headers['if-match'];
  if (!row || expected === undefined || expected === versionOf(row).ETag) return row;
  exchange.text(412, 'Precondition Failed');
  return undefined;
}

function requireBody(exchange: Exchange): Readonly<Record<string, unknown>> | undefined {
  const body = bodyOf(exchange);
  if (!body) exchange.text(400, 'Bad Request: The body must be a form or a JSON object');
  return body;
}

function versionOf(row: Row): { ETag: string; 'Last-Modified'?: string } {
  const ETag = `"${createHash('sha256').update(JSON.stringify(row)).digest('hex').slice(0, 32)}"`;
  const { lastmodified } = row;
  return typeof lastmodified === 'number'
    ? { ETag, 'Last-Modified': new Date(lastmodified * 1000).toUTCString() }
    : { ETag };
}
