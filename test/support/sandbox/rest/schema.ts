/** A value of a column; times are Unix seconds. */
export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;
export type TableName = 'accounts' | 'contacts' | 'projects' | 'tickets' | 'users';

export interface Column {
  readonly type: 'integer' | 'text';
  /** The value of a new record: a constant, the time of creation, or the ID of the user who creates it. */
  readonly initially: Value | { readonly from: 'clock' | 'user' };
  /** The table whose `ID` the column holds. A field path such as `account.lastname` follows it. */
  readonly references?: TableName;
  /** The largest value of an enumeration that starts at 0. */
  readonly highest?: number;
  /** The server sets the column: a client's value for it is ignored. */
  readonly isSetByServer?: true;
  /** An empty text is refused. */
  readonly isRequired?: true;
}

export interface Table {
  readonly columns: Readonly<Record<string, Column>>;
  /** The permission that a user needs, with `writable` for changes; none for a table that every user may read. */
  readonly permission?: string;
}

const id: Column = { type: 'integer', initially: null, isSetByServer: true };
const text: Column = { type: 'text', initially: '' };
const integer: Column = { type: 'integer', initially: null };
const user: Column = { ...integer, references: 'users' };

/** The columns that the tables for records have in common. */
const record = {
  ID: id,
  creator: { ...user, initially: { from: 'user' }, isSetByServer: true },
  assigneduser: user,
  creationdate: { type: 'integer', initially: { from: 'clock' }, isSetByServer: true },
  lastmodified: { type: 'integer', initially: { from: 'clock' }, isSetByServer: true },
  visibility: { type: 'integer', initially: 0, highest: 2 },
  description: text,
} as const satisfies Table['columns'];

/**
 * The tables of the REST API that the sandbox serves, with a selection of the columns that ZeyOS publishes for them.
 */
export const schema: Readonly<Record<TableName, Table>> = {
  tickets: {
    permission: 'tickets',
    columns: {
      ...record,
      account: { ...integer, references: 'accounts' },
      project: { ...integer, references: 'projects' },
      name: { ...text, isRequired: true },
      ticketnum: text,
      date: { type: 'integer', initially: { from: 'clock' } },
      duedate: integer,
      status: { type: 'integer', initially: 0, highest: 11 },
      priority: { type: 'integer', initially: 2, highest: 4 },
    },
  },
  accounts: {
    permission: 'accounts',
    columns: {
      ...record,
      contact: { ...integer, references: 'contacts' },
      lastname: { ...text, isRequired: true },
      firstname: text,
      type: { type: 'integer', initially: 0, highest: 5 },
      customernum: text,
    },
  },
  contacts: {
    permission: 'contacts',
    columns: {
      ...record,
      lastname: { ...text, isRequired: true },
      firstname: text,
      type: { type: 'integer', initially: 0, highest: 1 },
      city: text,
      country: text,
      email: text,
    },
  },
  projects: {
    permission: 'projects',
    columns: {
      ...record,
      account: { ...integer, references: 'accounts' },
      name: { ...text, isRequired: true },
      projectnum: text,
      status: { type: 'integer', initially: 0 },
    },
  },
  users: {
    columns: {
      ID: id,
      name: text,
      email: text,
      activity: { type: 'integer', initially: 0, highest: 2 },
      nopublic: { type: 'integer', initially: 0 },
      apionly: { type: 'integer', initially: 0 },
    },
  },
};

export function isTableName(name: string): name is TableName {
  return Object.hasOwn(schema, name);
}
