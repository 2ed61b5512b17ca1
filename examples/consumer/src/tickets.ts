/** What the view shows of a ticket. */
export interface Ticket {
  readonly id: number;
  readonly number: string;
  readonly name: string;
  readonly status: number;
  readonly priority: number;
  readonly account: string | undefined;
  readonly due: Date | undefined;
}

/** The words for `tickets.status` in ZeyOS's API, by their numbers. */
const statuses = [
  'not started',
  'awaiting acceptance',
  'accepted',
  'rejected',
  'active',
  'inactive',
  'feedback required',
  'testing',
  'cancelled',
  'completed',
  'failed',
  'booked',
];
/** Rejected, cancelled, completed, failed, booked. */
const closed = [3, 8, 9, 10, 11];
const priorities = ['lowest', 'low', 'medium', 'high', 'highest'];

/** The body of `POST /api/v1/tickets`, which lists the open tickets of one user, the most urgent first. */
export function openTicketsOf(accountId: string): object {
  // An account's ID is the platform URL, `#`, and the user's ID; where the server tells none, the user's name.
  const user = accountId.slice(accountId.indexOf('#') + 1);
  return {
    fields: {
      id: 'ID',
      number: 'ticketnum',
      name: 'name',
      status: 'status',
      priority: 'priority',
      account: 'account.lastname',
      due: 'duedate',
    },
    filter: {
      ...(/^\d+$/.test(user) ? { assigneduser: Number(user) } : { 'assigneduser.name': user }),
      visibility: 0,
      status: { '!IN': closed },
    },
    sort: ['-priority', 'duedate'],
    limit: 100,
  };
}

/**
 * The tickets in an answer.
 * @throws {TypeError} if the answer is no list of tickets. A proxy's page, for example, is none.
 */
export function parseTickets(answer: unknown): Ticket[] {
  if (!Array.isArray(answer)) throw new TypeError('ZeyOS answered with something else than a list of tickets.');
  return answer.map((value: unknown) => {
    const { id, number, name, status, priority, account, due } = (value ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof id !== 'number' || typeof name !== 'string')
      throw new TypeError('ZeyOS answered with something else than a list of tickets.');
    return {
      id,
      name,
      number: typeof number === 'string' && number !== '' ? number : `#${id}`,
      status: typeof status === 'number' ? status : 0,
      priority: typeof priority === 'number' ? priority : 2,
      account: typeof account === 'string' && account !== '' ? account : undefined,
      // Unix seconds.
      due: typeof due === 'number' ? new Date(due * 1000) : undefined,
    };
  });
}

/** `active, high priority, due 2030-01-02` */
export function describeTicket({ status, priority, due }: Ticket): string {
  return [
    statuses[status] ?? `status ${status}`,
    `${priorities[priority] ?? 'unknown'} priority`,
    ...(due ? [`due ${due.toISOString().slice(0, 10)}`] : []),
  ].join(', ');
}
