import assert from 'node:assert/strict';
import { sessionActions, type Situation } from '../../../../src/ui/actions/sessionActions';

describe('The actions offered for an account', () => {
  const labels = (situation: Partial<Situation> = {}): readonly string[] =>
    sessionActions({
      state: 'good',
      isConfigured: true,
      isActive: true,
      isReachable: true,
      needsSecret: false,
      revocationNeedsSecret: false,
      hasAgents: false,
      isLegacy: false,
      ...situation,
    }).map(({ label }) => label());

  const upkeep = ['Copy URL', 'Edit in Settings', 'Remove Instance'];
  const ofInstance = ['Open Instance in Browser', 'Copy Request', 'Diagnose Connection', ...upkeep];
  const table: readonly (readonly [string, Partial<Situation>, readonly string[]])[] = [
    [
      'if its session comes from the legacy login',
      { isLegacy: true },
      [
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Open Terminal',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        'Open Instance in Browser',
        'Copy Request',
        'Diagnose Connection',
        'Set Application Secret',
        ...upkeep,
      ],
    ],
    [
      'if agents may use it',
      { hasAgents: true },
      [
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Open Terminal',
        "Withdraw Agents' Access",
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'while its session is valid',
      {},
      [
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Open Terminal',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'if it is not the active account',
      { isActive: false },
      [
        'Make Active',
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Open Terminal',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'if its session expires soon',
      { state: 'expiring' },
      [
        'Renew Token',
        'Introspect Token',
        'Copy Access Token',
        'Open Terminal',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'while its session expires soon and it is not the active one',
      { state: 'expiring', isActive: false },
      [
        'Renew Token',
        'Make Active',
        'Introspect Token',
        'Copy Access Token',
        'Open Terminal',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'if its client secret is needed',
      { needsSecret: true },
      [
        'Enter Client Secret',
        'Introspect Token',
        'Copy Access Token',
        'Open Terminal',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        ...ofInstance,
      ],
    ],
    [
      'if its server cannot be reached',
      { isReachable: false },
      [
        'Diagnose Connection',
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Open Terminal',
        'Revoke Token',
        'Sign Out',
        'Sign In Again',
        'Open Instance in Browser',
        'Copy Request',
        ...upkeep,
      ],
    ],
    [
      'if its session has expired',
      { state: 'expired' },
      ['Sign In Again', 'Introspect Token', 'Sign Out', ...ofInstance],
    ],
    [
      'if its session was revoked and it is not the active account',
      { state: 'revoked', isActive: false },
      ['Sign In Again', 'Make Active', 'Sign Out', ...ofInstance],
    ],
    ['if its credentials are lost', { state: 'lost' }, ['Sign In Again', 'Sign Out', ...ofInstance]],
    [
      'if it is signed out and a token is still to be revoked',
      { state: 'signedOut', isActive: false },
      ['Sign In', ...ofInstance],
    ],
    [
      'if the revocation of a token needs a client secret',
      { state: 'signedOut', isActive: false, revocationNeedsSecret: true },
      ['Enter Client Secret to Revoke Token', 'Sign In', ...ofInstance],
    ],
    [
      'while its instance is not configured',
      { isConfigured: false, isActive: false, isReachable: false },
      [
        'Introspect Token',
        'Renew Token',
        'Copy Access Token',
        'Revoke Token',
        'Sign Out',
        'Add Instance Again',
        'Copy URL',
      ],
    ],
    [
      'if its session was revoked and its instance is not configured',
      { state: 'revoked', isConfigured: false, isActive: false },
      ['Add Instance Again', 'Sign Out', 'Copy URL'],
    ],
  ];
  for (const [when, situation, expected] of table)
    it(`have the expected order ${when}`, () => assert.deepEqual(labels(situation), expected));
});
