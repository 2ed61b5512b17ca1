import assert from 'node:assert/strict';
import type { Instance } from '../../src/session/model/instance';
import type { StoredAccount } from '../../src/session/model/session';
import { statusBarModel, type StatusBarInput } from '../../src/ui/status/statusBarModel';
import { tooltipMarkdown } from '../../src/ui/status/tooltip';
import { PlatformUrl } from '../../src/zeyos/address/platform';
import { accessToken, session, storedAccount } from '../support/builders';

const HOUR_MS = 3_600_000;

function instance(url: string, name = PlatformUrl.parse(url).instance): Instance {
  return { platform: PlatformUrl.parse(url), name, redirectPort: 9005 };
}

function signedIn(userName: string, at: Instance, lastsMs = 5 * HOUR_MS): StoredAccount {
  return storedAccount({
    userName,
    platform: at.platform,
    session: session(accessToken(userName, { expiresAt: lastsMs })),
  });
}

/** The first instance is the active one, and the first of its accounts. */
function input(
  instances: readonly Instance[],
  accounts: readonly StoredAccount[],
  more: Partial<StatusBarInput> = {},
): StatusBarInput {
  const [active] = instances;
  const account = accounts.find((stored) => stored.instance === active?.platform.href);
  return {
    instances,
    active,
    account,
    accounts,
    activity: undefined,
    isReachable: () => true,
    needsSecret: () => false,
    now: 0,
    warningMs: HOUR_MS / 2,
    ...more,
  };
}

/** The cells of each row of the tooltip's table, without what keeps them from being markup. */
function rows(state: StatusBarInput): readonly (readonly string[])[] {
  const lines = tooltipMarkdown(state, 'en')
    .split('\n')
    .filter((line) => line.startsWith('| $('));
  return lines.map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.replace(/\\|\u200b/g, '')),
  );
}

/** What the links of a text run, by what they are called. */
function links(text: string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...(text ?? '').matchAll(/\[([^\]]+)\]\(command:([\w.]+)/g)].map(([, label = '', command = '']) => [
      label,
      command,
    ]),
  );
}

describe('An instance whose name another one has', () => {
  const cloud = instance('https://cloud.zeyos.com/demo');
  const intranet = instance('https://zeyos.intra:8443/demo');
  const state = input([cloud, intranet], [signedIn('max', cloud)]);

  it('is shown with its host in the status bar, to a screen reader, and in the tooltip', () => {
    const { text, label } = statusBarModel(state);
    assert.equal(text, '$(zeyos-logo) demo (cloud.zeyos.com): max (5 h 0 min)');
    assert.equal(label, 'ZeyOS: signed in to demo (cloud.zeyos.com) as max, 5 h 0 min left.');
    assert.deepEqual(
      rows(state).map(([, name]) => name),
      ['**demo (cloud.zeyos.com)** (active)', '**demo (zeyos.intra:8443)**'],
    );
  });

  it('is shown with its path as well, where both are on one host', () => {
    const twins = [instance('https://cloud.zeyos.com/one', 'Acme'), instance('https://cloud.zeyos.com/two', 'Acme')];
    assert.equal(statusBarModel(input(twins, [])).text, '$(zeyos-logo) Sign in to Acme (cloud.zeyos.com/one)');
  });

  it('is told from it, should the names be alike only where they are cut', () => {
    const alike = [instance('one', 'The very same beginning 1'), instance('two', 'The very same beginning 2')];
    assert.equal(
      statusBarModel(input(alike, [])).text,
      '$(zeyos-logo) Sign in to The very same begin… (cloud.zeyos.com/one)',
    );
    assert.equal(statusBarModel(input(alike, [])).label, 'ZeyOS: signed out of The very same beginning 1. Sign in.');
  });

  it('is shown by its name alone once the other one has gone', () => {
    assert.equal(statusBarModel(input([cloud], [])).text, '$(zeyos-logo) Sign in to demo');
  });
});

describe('An instance with a long name', () => {
  const long = 'A company with a very long name, as long as names can possibly be';
  const demo = instance('demo', long);
  const state = input([demo], [signedIn('max', demo)]);

  it('leaves room for the user and the time in the status bar', () =>
    assert.equal(statusBarModel(state).text, '$(zeyos-logo) A company with a ve…: max (5 h 0 min)'));
  it('is called by its whole name for a screen reader', () => assert.ok(statusBarModel(state).label.includes(long)));
  it('has its whole name in the tooltip', () => assert.equal(rows(state)[0]?.[1], `**${long}**`));
  it('has no icon where it is cut', () =>
    assert.doesNotMatch(
      statusBarModel(input([instance('demo', `${'x'.repeat(17)}$(error) and more`)], [])).text,
      /[^\\]\$\(error/,
    ));
});

describe('A production instance', () => {
  const live: Instance = { ...instance('live'), isProduction: true };
  const isDown = { isReachable: () => false };
  for (const [what, state, text] of [
    ['signed out', input([live], []), '$(zeyos-logo) PROD · Sign in to live'],
    ['good', input([live], [signedIn('max', live, 30 * HOUR_MS)]), '$(zeyos-logo) PROD · live: max'],
    ['expiring', input([live], [signedIn('max', live, HOUR_MS / 4)]), '$(clock) PROD · live: 15 min left'],
    ['expired', input([live], [signedIn('max', live, 0)]), '$(error) PROD · live: sign in again'],
    ['unreachable', input([live], [signedIn('max', live)], isDown), '$(cloud-offline) PROD · live: max'],
  ] as const) {
    it(`begins with PROD in the status bar while it is ${what}`, () => assert.equal(statusBarModel(state).text, text));
    it(`is called PROD for a screen reader while it is ${what}`, () =>
      assert.match(statusBarModel(state).label, /PROD · live/));
  }

  it('has no mark while something else is going on', () =>
    assert.equal(
      statusBarModel(input([live], [], { activity: 'Checking demo…' })).text,
      '$(loading~spin) Checking demo…',
    ));

  it('is marked in the tooltip, and no other instance is', () =>
    assert.deepEqual(
      rows(input([live, instance('demo')], [])).map(([, name]) => name),
      ['**PROD · live** (active)', '**demo**'],
    ));
});

describe('The tooltip', () => {
  const demo = instance('demo', 'Demo');
  const acme = instance('acme', 'Acme');

  it('marks the active account alone', () => {
    const state = input([demo, acme], [signedIn('anna', demo), signedIn('max', demo), signedIn('olga', acme)]);
    assert.deepEqual(
      rows(state).map(([, name, user]) => `${name} ${user}`),
      ['**Demo** (active) anna', '**Demo** max', '**Acme** olga'],
    );
  });

  it('marks the active instance where nobody is signed in to it', () => {
    assert.deepEqual(
      rows(input([demo, acme], [signedIn('olga', acme)])).map(([, name]) => name),
      ['**Demo** (active)', '**Acme**'],
    );
  });

  it('marks nothing where there is but one', () =>
    assert.deepEqual(
      rows(input([demo], [signedIn('max', demo)])).map(([, name]) => name),
      ['**Demo**'],
    ));

  it('offers first of all to renew a session that expires soon', () => {
    const [[, , , , actions] = []] = rows(input([demo], [signedIn('max', demo, HOUR_MS / 4)]));
    assert.match(actions ?? '', /^\[Renew\]\(command:zeyos\.renewToken\?/);
    assert.deepEqual(Object.keys(links(actions)), ['Renew', 'Introspect', 'Revoke', 'Sign Out']);
  });

  it('offers to enter the secret instead, where renewing needs it', () => {
    const [[, , , , actions] = []] = rows(
      input([demo], [signedIn('max', demo, HOUR_MS / 4)], { needsSecret: () => true }),
    );
    assert.deepEqual(Object.keys(links(actions)), ['Enter Client Secret', 'Introspect', 'Revoke', 'Sign Out']);
  });

  it('says that a session is not saved, and offers to diagnose why', () => {
    const [[state, , , states, actions] = []] = rows(input([demo], [{ ...signedIn('max', demo), unsaved: 'late' }]));
    assert.equal(state, '$(warning)');
    assert.match(states ?? '', /not saved yet.* lost if this window closes/);
    assert.deepEqual(Object.keys(links(actions)), ['Diagnose', 'Introspect', 'Revoke', 'Sign Out']);
  });

  it('leaves a session alone that is good for long', () => {
    const [[, , , , actions] = []] = rows(input([demo], [signedIn('max', demo)]));
    assert.deepEqual(Object.keys(links(actions)), ['Introspect', 'Revoke', 'Sign Out']);
  });

  it('switches the instance, where there are several', () => {
    assert.equal(links(tooltipMarkdown(input([demo, acme], []), 'en'))['Switch instance'], 'zeyos.switchInstance');
    assert.equal(links(tooltipMarkdown(input([demo], []), 'en'))['Switch instance'], undefined);
  });

  it('tells of the sessions of instances that were removed, where there is no other', () => {
    const text = tooltipMarkdown(input([], [signedIn('max', demo), signedIn('olga', acme)]), 'en');
    assert.match(text, /No instance is configured\. Sessions of removed instances: 2\./);
    assert.equal(links(text)['Show Sessions'], 'zeyos.showSessions');
  });

  it('offers no list of sessions where there is none', () => {
    const text = tooltipMarkdown(input([], [storedAccount()]), 'en');
    assert.match(text, /No instance is configured yet\./);
    assert.deepEqual(Object.keys(links(text)), ['Add Instance', 'Show Log']);
  });
});
