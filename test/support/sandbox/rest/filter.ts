import type { Value } from './schema';

/** Conditions that all hold: by field path, or, under a numbered key, an array that starts with AND, OR or NOT. */
export type Filter = Readonly<Record<string, unknown>>;

type Operator = (value: Value, operand: unknown) => boolean;

/** LIKE: `%` stands for any text, `_` for any one character. */
function like(pattern: unknown, flags = ''): RegExp {
  const escaped = String(pattern).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, `s${flags}`);
}

const text = (value: Value): string => (value === null ? '' : String(value));

/** Negative, zero or positive; NaN, which compares to nothing, with null. */
function order(value: Value, operand: unknown): number {
  if (value === null || (typeof operand !== 'number' && typeof operand !== 'string')) return NaN;
  return typeof value === 'number' ? value - Number(operand) : value.localeCompare(String(operand));
}

const operators: Readonly<Record<string, Operator>> = {
  '=': (value, operand) => value === operand,
  '<': (value, operand) => order(value, operand) < 0,
  '<=': (value, operand) => order(value, operand) <= 0,
  '>': (value, operand) => order(value, operand) > 0,
  '>=': (value, operand) => order(value, operand) >= 0,
  IN: (value, operand) => Array.isArray(operand) && operand.includes(value),
  '~': (value, operand) => new RegExp(String(operand)).test(text(value)),
  '~*': (value, operand) => new RegExp(String(operand), 'i').test(text(value)),
  '~~': (value, operand) => like(operand).test(text(value)),
  '~~*': (value, operand) => like(operand, 'i').test(text(value)),
};

export function isFilter(value: unknown): value is Filter {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether a record matches.
 * @param read The value at a field path.
 * @throws {SyntaxError} for an operator that does not exist, or a regular expression that is none.
 */
export function matches(filter: Filter, read: (path: string) => Value): boolean {
  return Object.entries(filter).every(([key, condition]) =>
    /^\d+$/.test(key) ? matchesGroup(condition, read) : matchesField(read(key), condition),
  );
}

function matchesGroup(group: unknown, read: (path: string) => Value): boolean {
  const [connective, ...members] = Array.isArray(group) ? (group as readonly unknown[]) : [];
  if (!members.every(isFilter)) throw new SyntaxError('A group holds filters');
  switch (connective) {
    case 'AND':
      return members.every((member) => matches(member, read));
    case 'OR':
      return members.some((member) => matches(member, read));
    case 'NOT':
      return !members.some((member) => matches(member, read));
    default:
      throw new SyntaxError('A group starts with AND, OR or NOT');
  }
}

function matchesField(value: Value, condition: unknown): boolean {
  if (typeof condition !== 'object' || condition === null) return value === condition;
  return Object.entries(condition).every(([name, operand]: [string, unknown]) => {
    const [positive, isNegated] =
      name === '<>' ? ['=', true] : name.startsWith('!') ? [name.slice(1), true] : [name, false];
    const operator = Object.hasOwn(operators, positive) ? operators[positive] : undefined;
    if (!operator) throw new SyntaxError(`There is no operator ${name}`);
    return operator(value, operand) !== isNegated;
  });
}
