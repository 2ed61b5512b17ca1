import type { Exchange } from '../exchange';
import { isFilter } from './filter';
import type { Filter } from './filter';

/** The body of a request that lists records. */
export interface ListRequest {
  /** The names in the answer, each with the path of the field; undefined for all columns. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly filter: Filter;
  /** Search terms, each of which a text of the record must contain. */
  readonly terms: readonly string[];
  readonly sort: readonly { readonly path: string; readonly isDescending: boolean }[];
  readonly offset: number;
  readonly limit: number;
  readonly count: boolean;
  readonly distinct: boolean;
}

/** The request, or the text of the answer that refuses it. */
export function parseListRequest(exchange: Exchange): ListRequest | string {
  const body = bodyOf(exchange);
  if (!body) return 'Bad Request: The body must be a form or a JSON object';
  // ZeyOS's own client sends `filters`, the published schema names `filter`.
  const filter = body['filter'] ?? body['filters'] ?? {};
  const { fields, sort = [], offset = 0, limit = 1000, query = '' } = body;
  if (fields !== undefined && !isFields(fields)) return 'Bad Request: Invalid selection field';
  if (!isFilter(filter)) return 'Bad Request: Invalid filter';
  if (!Array.isArray(sort) || !sort.every((key) => typeof key === 'string')) return 'Bad Request: Invalid sort field';
  if (!isWithin(offset, 0, Number.MAX_SAFE_INTEGER)) return 'Bad Request: Invalid offset';
  if (!isWithin(limit, 1, 10_000)) return 'Bad Request: Invalid limit';
  if (typeof query !== 'string') return 'Bad Request: Invalid query';
  return {
    ...(fields !== undefined && { fields: named(fields) }),
    filter,
    terms: query.toLowerCase().split(/\s+/).filter(Boolean),
    sort: sort.map((key) => ({ path: key.replace(/^[+-]/, ''), isDescending: key.startsWith('-') })),
    offset,
    limit,
    count: isTrue(body['count']),
    distinct: isTrue(body['distinct']),
  };
}

/** The body of any request to the API, as an object; an empty body is an empty object. */
export function bodyOf(exchange: Exchange): Readonly<Record<string, unknown>> | undefined {
  if (exchange.body === '') return {};
  const value = exchange.form ? fromForm(exchange.form) : exchange.document;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** A form holds numbers, objects and arrays as JSON, and every other value as it is. */
function fromForm(form: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    [...form].map(([name, text]) => {
      try {
        return [name, JSON.parse(text) as unknown];
      } catch {
        return [name, text];
      }
    }),
  );
}

function isFields(value: unknown): value is readonly string[] | Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((path) => typeof path === 'string');
}

/** The fields by their names in the answer. A position is no alias: the published example numbers the fields. */
function named(fields: readonly string[] | Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([key, path]) => [/^\d+$/.test(key) ? path : key, path]));
}

function isWithin(value: unknown, lowest: number, highest: number): value is number {
  return Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest;
}

const isTrue = (value: unknown): boolean => value === true || value === 1;
