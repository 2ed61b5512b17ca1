import { schema } from './schema';
import type { Row, TableName, Value } from './schema';

/** The tables that clients change. The users are the instance's own. */
export type RecordTable = Exclude<TableName, 'users'>;

/** Records as a fixture names them; a column that is left out has its initial value, and the ID counts up from 1. */
export type SampleRecords = Readonly<Partial<Record<RecordTable, readonly Row[]>>>;

/** A change that the API refuses, with the status and the text of the answer. */
export interface Refused {
  readonly status: 400 | 409;
  readonly problem: string;
}

/** Who changes a record, and when in Unix seconds. */
export interface Author {
  readonly userId: number | null;
  readonly at: number;
}

const epoch: Author = { userId: null, at: 872838840 };

/** The records of one instance, in memory. */
export class Records {
  private readonly tables: Readonly<Record<RecordTable, Map<number, Row>>> = {
    accounts: new Map(),
    contacts: new Map(),
    projects: new Map(),
    tickets: new Map(),
  };

  /** @throws if a sample has a column or a value that the table does not have. */
  constructor(samples: SampleRecords = {}) {
    for (const [table, rows] of Object.entries(samples) as [RecordTable, readonly Row[]][]) {
      for (const { creator, creationdate, lastmodified, ...changes } of rows) {
        const row = this.create(table, changes, epoch);
        if (isRefused(row)) throw new Error(`A sample of ${table} is wrong: ${row.problem}`);
        const set = Object.entries({ creator, creationdate, lastmodified }).filter(
          (entry): entry is [string, Value] => entry[1] !== undefined,
        );
        this.tables[table].set(Number(row['ID']), { ...row, ...Object.fromEntries(set) });
      }
    }
  }

  all(table: RecordTable): readonly Row[] {
    return [...this.tables[table].values()];
  }

  find(table: RecordTable, id: number): Row | undefined {
    return this.tables[table].get(id);
  }

  create(table: RecordTable, changes: Readonly<Record<string, unknown>>, author: Author): Row | Refused {
    if (changes['ID'] !== undefined) return { status: 409, problem: 'Conflict: A new record has no ID' };
    const initial = Object.entries(schema[table].columns).map(([name, { initially }]) => [
      name,
      typeof initially !== 'object' || initially === null
        ? initially
        : initially.from === 'clock'
          ? author.at
          : author.userId,
    ]);
    const ID = Math.max(0, ...this.tables[table].keys()) + 1;
    return this.save(table, { ...(Object.fromEntries(initial) as Row), ID }, changes);
  }

  update(
    table: RecordTable,
    row: Row,
    { ID = row['ID'], ...changes }: Readonly<Record<string, unknown>>,
    { at }: Author,
  ): Row | Refused {
    if (ID !== row['ID']) return { status: 409, problem: 'Conflict: Non-matching ID' };
    return this.save(table, { ...row, lastmodified: at }, changes);
  }

  delete(table: RecordTable, row: Row): void {
    this.tables[table].delete(Number(row['ID']));
  }

  private save(table: RecordTable, row: Row, changes: Readonly<Record<string, unknown>>): Row | Refused {
    const { columns } = schema[table];
    const next: Record<string, Value> = { ...row };
    for (const [name, value] of Object.entries(changes)) {
      const column = columns[name];
      if (!column) return { status: 400, problem: `Bad Request: Invalid field ${name}` };
      if (column.isSetByServer) continue;
      const isValid =
        column.type === 'text'
          ? typeof value === 'string'
          : (value === null && column.initially === null) ||
            (Number.isInteger(value) && (column.highest === undefined || inRange(value as number, column.highest)));
      if (!isValid) return { status: 400, problem: `Bad Request: Invalid value of the field ${name}` };
      next[name] = value as Value;
    }
    const missing = Object.entries(columns).find(([name, { isRequired }]) => isRequired && next[name] === '');
    if (missing) return { status: 400, problem: `Bad Request: The field ${missing[0]} is required` };
    this.tables[table].set(Number(next['ID']), next);
    return next;
  }
}

export function isRefused(outcome: Row | Refused): outcome is Refused {
  return 'problem' in outcome;
}

function inRange(value: number, highest: number): boolean {
  return value >= 0 && value <= highest;
}
