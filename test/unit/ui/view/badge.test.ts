import assert from 'node:assert/strict';
import { badgeOf } from '../../../../src/ui/view/badge';
import { accountsInput, HOUR_MS, instance, signedIn } from '../../../support/accountsInput';
import { pending, storedAccount } from '../../../support/builders';

const demo = instance('demo', 'Demo');
const acme = instance('acme', 'Acme');
const badge = (...input: Parameters<typeof accountsInput>) => badgeOf(accountsInput(...input));

describe('The badge of the Accounts view', () => {
  it('is hidden while no account needs the user', () => {
    const signedOut = { ...storedAccount({ platform: demo.platform }), pendingRevocations: [pending('t')] };
    assert.equal(badge([demo], [signedIn('max', demo), signedOut]), undefined);
  });

  it('does not count an account only because its server cannot be reached', () =>
    assert.equal(badge([demo], [signedIn('max', demo)], { isReachable: () => false }), undefined));

  it('counts the accounts that need the user, and says why', () => {
    const accounts = [
      signedIn('anna', demo, HOUR_MS / 4),
      signedIn('max', demo, -1),
      storedAccount({ userName: 'olga', platform: acme.platform, lost: true }),
      { ...signedIn('paul', acme), unsaved: 'failed' as const },
      signedIn('rita', acme),
      signedIn('good', acme),
    ];
    assert.deepEqual(badge([demo, acme], accounts, { needsSecret: ({ account }) => account.userName === 'rita' }), {
      value: 5,
      tooltip: [
        'Sign in again: max (Demo), olga (Acme)',
        'Client secret needed: rita (Acme)',
        'Not saved yet: paul (Acme)',
        'Expires soon: anna (Demo)',
      ].join('\n'),
    });
  });

  it('names three accounts for each reason at most, with long names shortened', () => {
    const names = ['a', 'b', 'maximilian.alexander.power.of.the.department', 'd', 'e'];
    assert.deepEqual(
      badge(
        [demo],
        names.map((name) => signedIn(name, demo, -1)),
      ),
      {
        value: 5,
        tooltip: 'Sign in again: a (Demo), b (Demo), maximilian…epartment (Demo), …',
      },
    );
  });

  it('does not count the sessions of a removed instance, except for a token that cannot be revoked without the user', () => {
    const ended = signedIn('max', acme, -1);
    assert.equal(badge([demo], [ended]), undefined);
    assert.deepEqual(badge([demo], [ended], { revocationNeeds: () => 'vscode' }), {
      value: 1,
      tooltip: 'Client secret needed: max',
    });
  });
});
