import assert from 'node:assert/strict';
import { sessionActions, type Situation } from '../../src/ui/commands/sessionActions';

describe('What can be done with an account', () => {
  const labels = (situation: Partial<Situation> = {}): readonly string[] =>
    sessionActions({
      state: 'good',
      isConfigured: true,
      isActive: true,
      isReachable: true,
      needsSecret: false,
      isLegacy: false,
      ...situation,
    }).map(({ label }) => label);

  const ofInstance = ['Open Instance in Browser', 'Diagnose Connection', 'Remove Instance'];
  const table: readonly (readonly [string, Partial<Situation>, readonly string[]])[] = [
    [
      'while its session comes from the legacy login',
      { isLegacy: true },
      [
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        'Open Instance in Browser',
        'Diagnose Connection',
        'Set Application Secret',
        'Remove Instance',
      ],
    ],
    [
      'while agents may use it',
      { hasAgents: true },
      [
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        "Withdraw Agents' Access",
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'while its session is good',
      {},
      [
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'while it is not the active one',
      { isActive: false },
      [
        'Make Active',
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'while its session expires soon',
      { state: 'expiring' },
      [
        'Renew Token',
        'Introspect Token',
        'Copy Access Token',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'while the secret of the application is needed',
      { needsSecret: true },
      [
        'Enter Client Secret',
        'Introspect Token',
        'Copy Access Token',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'while its server cannot be reached',
      { isReachable: false },
      [
        'Diagnose Connection',
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        'Open Instance in Browser',
        'Remove Instance',
      ],
    ],
    [
      'once its session has expired',
      { state: 'expired' },
      ['Sign In Again', 'Introspect Token', 'Sign Out', ...ofInstance],
    ],
    [
      'once its session was revoked, and it is not the active one',
      { state: 'revoked', isActive: false },
      ['Sign In Again', 'Make Active', 'Sign Out', ...ofInstance],
    ],
    ['once its credentials are lost', { state: 'lost' }, ['Sign In Again', 'Sign Out', ...ofInstance]],
    ['while a token of it is still to be revoked', { state: 'signedOut', isActive: false }, ['Sign In', ...ofInstance]],
    [
      'while its instance is not configured',
      { isConfigured: false, isActive: false, isReachable: false },
      ['Introspect Token', 'Renew Token', 'Copy Access Token', 'Revoke Token', 'Sign Out', 'Add Instance Again'],
    ],
    [
      'once its session was revoked, while its instance is not configured',
      { state: 'revoked', isConfigured: false, isActive: false },
      ['Add Instance Again', 'Sign Out'],
    ],
  ];
  for (const [when, situation, expected] of table) it(when, () => assert.deepEqual(labels(situation), expected));
});
