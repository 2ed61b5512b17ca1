import type { Fault, LostAnswer } from './faults';

/** Where a fault strikes, what it does, and how many requests it hits. */
export interface FaultOrder {
  readonly where: RegExp | string;
  readonly fault: Fault;
  /** Every request unless told. */
  readonly times?: number;
}

/** The members of each kind of fault, beside `kind`; a `?` marks those that may be left out. */
const members: Readonly<Record<Fault['kind'], Readonly<Record<string, 'any' | 'number' | 'object' | 'string'>>>> = {
  delay: { ms: 'number' },
  lostAnswer: { how: 'string' },
  issuer: { iss: 'string' },
  hang: {},
  reset: {},
  truncated: {},
  html: { 'status?': 'number' },
  json: { 'status?': 'number', body: 'any', 'headers?': 'object' },
  text: { 'status?': 'number', body: 'string', 'headers?': 'object' },
  huge: {},
  bomb: {},
  slowDrip: { everyMs: 'number' },
  raw: { bytes: 'string' },
  http2Frame: { frame: 'string' },
  clientCertificatePage: {},
  status: { status: 'number', 'retryAfterSeconds?': 'number' },
  oneTimeCode: { code: 'string', words: 'string', 'as?': 'string', 'status?': 'number' },
  redirect: { location: 'string', 'status?': 'number' },
};

const lostAnswers: readonly LostAnswer[] = ['hang', 'reset', 'truncated'];

/**
 * A fault as the option `--fault` gives it: `WHERE=FAULT` or `WHERE=TIMES*FAULT`.
 * @throws {Error} with a message for the user.
 */
export function parseFaultOption(text: string): FaultOrder {
  const [, where, times, fault] = /^([^=]+)=(?:(\d+)\*)?(.+)$/s.exec(text) ?? [];
  if (where === undefined || fault === undefined) {
    throw new Error(`--fault takes WHERE=FAULT, such as "POST /demo/auth/v1/token=503"; this is "${text}".`);
  }
  return { where: parseWhere(where), fault: parseFault(fault), ...(times !== undefined && { times: Number(times) }) };
}

/**
 * The body of a control call that sets a fault.
 * @throws {Error} with a message for the user.
 */
export function parseFaultCall(body: Readonly<Record<string, unknown>>): FaultOrder {
  const { where, fault, times, ...others } = body;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`A fault has no member ${other}.`);
  if (typeof where !== 'string') throw new Error('"where" must be a text that "METHOD /path" contains.');
  if (times !== undefined && !(Number.isInteger(times) && (times as number) > 0)) {
    throw new Error('"times" must be a number of requests.');
  }
  return {
    where: parseWhere(where),
    fault: typeof fault === 'string' ? parseFault(fault) : checkFault(fault),
    ...(times !== undefined && { times: times as number }),
  };
}

/** A text that starts with `^` is a regular expression; any other must occur in `METHOD /path`. */
function parseWhere(text: string): RegExp | string {
  return text.startsWith('^') ? new RegExp(text) : text;
}

/** A status (`503`, `429:5`), a kind with its one member (`delay:2000`, `redirect:https://…`), or a fault in JSON. */
function parseFault(text: string): Fault {
  if (text.startsWith('{')) return checkFault(JSON.parse(text));
  const [, kind = '', value] = /^([^:]+)(?::(.*))?$/s.exec(text) ?? [];
  if (/^\d+$/.test(kind)) {
    return checkFault({
      kind: 'status',
      status: Number(kind),
      ...(value !== undefined && { retryAfterSeconds: Number(value) }),
    });
  }
  switch (kind) {
    case 'delay':
      return checkFault({ kind, ms: Number(value) });
    case 'slowDrip':
      return checkFault({ kind, everyMs: Number(value ?? 100) });
    case 'lostAnswer':
      return checkFault({ kind, how: value ?? 'reset' });
    case 'redirect':
      return checkFault({ kind, location: value });
    default:
      return checkFault({ kind });
  }
}

/** @throws {Error} if a value is no fault. */
function checkFault(value: unknown): Fault {
  const fault = value as Readonly<Record<string, unknown>> & { readonly kind: Fault['kind'] };
  if (typeof value !== 'object' || value === null || !Object.hasOwn(members, String(fault.kind))) {
    throw new Error(
      `There is no such fault. There are ${Object.keys(members).join(', ')}, and any status from 400 on.`,
    );
  }
  const expected = members[fault.kind];
  for (const [name, type] of Object.entries(expected)) {
    const given = fault[name.replace('?', '')];
    if (given === undefined ? name.endsWith('?') : type === 'any' || hasType(given, type)) continue;
    throw new Error(`The fault ${fault.kind} needs ${name.replace('?', '')} (${type}).`);
  }
  const unknown = Object.keys(fault).find((name) => name !== 'kind' && !(name in expected || `${name}?` in expected));
  if (unknown !== undefined) throw new Error(`The fault ${fault.kind} has no ${unknown}.`);
  const { status, how } = fault;
  if (status !== undefined && !(Number.isInteger(status) && (status as number) >= 200 && (status as number) < 600)) {
    throw new Error('A status is a number from 200 to 599.');
  }
  if (how !== undefined && !lostAnswers.includes(how as LostAnswer)) {
    throw new Error(`An answer is lost by ${lostAnswers.join(', ')}.`);
  }
  return fault as Fault;
}

function hasType(value: unknown, type: 'number' | 'object' | 'string'): boolean {
  return typeof value === type && value !== null && (type !== 'number' || Number.isFinite(value));
}
