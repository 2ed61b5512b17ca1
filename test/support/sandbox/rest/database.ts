import { unixSeconds } from '../instances';
import type { SandboxInstance } from '../instances';
import { claimsOf } from '../userClaims';
import { matches } from './filter';
import type { ListRequest } from './listRequest';
import { schema } from './schema';
import type { Row, TableName, Value } from './schema';

/** All rows of a table; those of `users` are the people who can sign in. */
export function rowsOf(instance: SandboxInstance, table: TableName): readonly Row[] {
  if (table !== 'users') return instance.records.all(table);
  return instance.users.map((user): Row => {
    const { email, nopublic, apionly } = claimsOf(user);
    const flags = { nopublic: Number(nopublic), apionly: Number(apionly) };
    return { ID: Number(user.sub ?? 0), name: user.name, email, activity: 0, ...flags };
  });
}

export function findRow(instance: SandboxInstance, table: TableName, id: Value | undefined): Row | undefined {
  return rowsOf(instance, table).find((row) => row['ID'] === id);
}

/**
 * The records that a list request selects, or their number.
 * @throws {RangeError} for a field that does not exist. @throws {SyntaxError} for a filter that makes no sense.
 */
export function list(
  instance: SandboxInstance,
  table: TableName,
  request: ListRequest,
): readonly Row[] | { readonly count: number } {
  const reader = (row: Row) => (path: string) => read(instance, table, row, path);
  const texts = (row: Row) => Object.values(row).filter((value) => typeof value === 'string');
  const selected = rowsOf(instance, table).filter(
    (row) =>
      matches(request.filter, reader(row)) &&
      request.terms.every((term) => texts(row).some((value) => value.toLowerCase().includes(term))),
  );
  if (request.count) return { count: selected.length };
  for (const { path, isDescending } of [...request.sort].reverse())
    selected.sort((a, b) => compare(reader(a)(path), reader(b)(path)) * (isDescending ? -1 : 1));
  const { fields } = request;
  const rows = selected.map((row) =>
    fields === undefined
      ? row
      : Object.fromEntries(Object.entries(fields).map(([name, path]) => [name, reader(row)(path)])),
  );
  const distinct = request.distinct ? [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()] : rows;
  return distinct.slice(request.offset, request.offset + request.limit);
}

/** Who makes a change, by the name of the token's user, and when. */
export function author(instance: SandboxInstance, name: string, nowMs: number): { userId: number | null; at: number } {
  const sub = instance.users.find((user) => user.name === name)?.sub;
  return { userId: sub === undefined ? null : Number(sub), at: unixSeconds(instance, nowMs) ?? 0 };
}

/** The value at a path such as `name` or `account.lastname`; null if a record on the way is missing. */
function read(instance: SandboxInstance, table: TableName, row: Row | undefined, path: string): Value {
  const [name = '', ...rest] = path.split('.');
  const column = Object.hasOwn(schema[table].columns, name) ? schema[table].columns[name] : undefined;
  if (!column) throw new RangeError(`There is no field ${path}`);
  const value = row?.[name] ?? null;
  if (rest.length === 0) return value;
  if (!column.references) throw new RangeError(`There is no field ${path}`);
  return read(instance, column.references, findRow(instance, column.references, value), rest.join('.'));
}

/** Null comes last, as in the database. */
function compare(a: Value, b: Value): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}
