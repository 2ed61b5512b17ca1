import assert from 'node:assert/strict';
import { join } from 'node:path';
import type * as AccountFile from '../../../examples/consumer/src/account';
import { describeTicket, openTicketsOf, parseTickets } from '../../../examples/consumer/src/tickets';
import { loadWithVscode } from '../../support/loadWithVscode';
import { out } from '../../support/paths';
import { demo, juergen, maxPower } from '../../support/sandbox/fixtures';
import { Sandbox } from '../../support/sandbox/sandbox';
import { SandboxClient } from '../../support/sandboxClient';

describe('In the example extension “My ZeyOS Tickets”,', () => {
  describe('the list of tickets', () => {
    let sandbox: Sandbox;

    beforeEach(async () => {
      sandbox = await Sandbox.start({ instances: [{ ...demo, users: [maxPower, juergen] }] });
    });

    afterEach(() => sandbox.stop());

    async function ticketsOf(user: string): Promise<readonly string[]> {
      const response = await fetch(`${sandbox.url('demo')}/api/v1/tickets`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await new SandboxClient(sandbox).issued()}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(openTicketsOf(`${sandbox.url('demo')}#${user}`)),
      });
      return parseTickets(await response.json()).map((ticket) => `${ticket.number}: ${describeTicket(ticket)}`);
    }

    it('has the open tickets of the user whose ID the account’s ID ends in, the most urgent first', async () => {
      assert.deepEqual(await ticketsOf('7'), [
        'T-3002: not started, highest priority',
        'T-3001: active, high priority, due 2030-01-02',
      ]);
    });

    it('has the open tickets of the user whose name the account’s ID ends in', async () => {
      assert.deepEqual(await ticketsOf('jürgen'), ['T-3003: accepted, medium priority']);
    });

    it('omits missing values of a ticket, and shows the ID of a ticket without a number', () => {
      const [ticket] = parseTickets([{ id: 5, name: 'x', number: '', account: null, due: null, status: 99 }]);
      assert.ok(ticket);
      assert.deepEqual([ticket.number, ticket.account, ticket.due], ['#5', undefined, undefined]);
      assert.equal(describeTicket(ticket), 'status 99, medium priority');
    });

    for (const answer of [undefined, null, {}, 'page', [null], [{}], [{ id: '1', name: 'x' }], [{ id: 1 }]])
      it(`is refused if the answer is ${JSON.stringify(answer)}`, () =>
        assert.throws(() => parseTickets(answer), TypeError));
  });

  describe('a rejection of getSession', () => {
    const { isCancel } = loadWithVscode<typeof AccountFile>(join(out, 'examples/consumer/src/account.js'), {});

    for (const [name, rejection] of [
      ['the name Canceled', Object.assign(new Error('whatever'), { name: 'Canceled' })],
      ['the message Canceled', new Error('Canceled')],
      ['the message Cancelled', new Error('Cancelled')],
      ['the message of a consent that was refused', new Error('User did not consent to login.')],
      ['the bare text of a list of accounts that was left', 'User did not consent to account access'],
    ] as const)
      it(`counts as a cancellation by the user if it has ${name}`, () => assert.ok(isCancel(rejection)));

    for (const rejection of [
      new Error('Sign-in to demo failed: the certificate has expired'),
      new Error('The instance Canceled Ltd cannot be reached'),
      new Error(''),
      undefined,
    ])
      it(`counts as a failure if it is ${String(rejection) || 'empty'}`, () => assert.ok(!isCancel(rejection)));
  });
});
