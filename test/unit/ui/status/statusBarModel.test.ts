import assert from 'node:assert/strict';
import type { Instance } from '../../../../src/session/model/instance';
import type { StoredAccount } from '../../../../src/session/model/session';
import { statusBarModel, type StatusBarInput } from '../../../../src/ui/status/statusBarModel';
import { tooltipMarkdown } from '../../../../src/ui/status/tooltip';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { accessToken, session, storedAccount } from '../../../support/builders';

const HOUR_MS = 3_600_000;

function instance(url: string, name = PlatformUrl.parse(url).instanceName): Instance {
  return { platform: PlatformUrl.parse(url), name, redirectPort: 9005 };
}

function signedIn(userName: string, at: Instance, lastsMs = 5 * HOUR_MS): StoredAccount {
  return storedAccount({
    userName,
    platform: at.platform,
    session: session(accessToken(userName, { expiresAt: lastsMs })),
  });
}

/** The first instance is active, and its first account is the active account. */
function input(
  instances: readonly Instance[],
  accounts: readonly StoredAccount[],
  more: Partial<StatusBarInput> = {},
): StatusBarInput {
  const [active] = instances;
  const account = accounts.find((stored) => stored.platform.href === active?.platform.href);
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

/** The cells of each row of the tooltip’s table, without escapes. */
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

/** Maps the label of each link to its command. */
function links(text: string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...(text ?? '').matchAll(/\[([^\]]+)\]\(command:([\w.]+)/g)].map(([, label = '', command = '']) => [
      label,
      command,
    ]),
  );
}

describe('An instance with the same name as another one', () => {
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

  it('is shown with host and path if both instances are on one host', () => {
    const twins = [instance('https://cloud.zeyos.com/one', 'Acme'), instance('https://cloud.zeyos.com/two', 'Acme')];
    assert.equal(statusBarModel(input(twins, [])).text, '$(zeyos-logo) Sign in to Acme (cloud.zeyos.com/one)');
  });

  it('is shown with host and path if the names differ only behind the cut', () => {
    const alike = [
      instance('one', 'A beginning, 1, and a very same end'),
      instance('two', 'A beginning, 2, and a very same end'),
    ];
    assert.equal(
      statusBarModel(input(alike, [])).text,
      '$(zeyos-logo) Sign in to A beginnin… same end (cloud.zeyos.com/one)',
    );
  });

  it('is shown by its name alone if the names differ at an end', () => {
    const alike = [instance('one', 'The very same beginning 1'), instance('two', 'The very same beginning 2')];
    assert.equal(statusBarModel(input(alike, [])).text, '$(zeyos-logo) Sign in to The very s…ginning 1');
    assert.equal(statusBarModel(input(alike, [])).label, 'ZeyOS: signed out of The very same beginning 1. Sign in.');
  });

  it('is shown by its name alone after the other instance was removed', () => {
    assert.equal(statusBarModel(input([cloud], [])).text, '$(zeyos-logo) Sign in to demo');
  });
});

describe('An instance with a long name', () => {
  const long = 'A company with a very long name, as long as names can possibly be';
  const demo = instance('demo', long);
  const state = input([demo], [signedIn('max', demo)]);

  it('is cut in the status bar, so that user and time fit', () =>
    assert.equal(statusBarModel(state).text, '$(zeyos-logo) A company …ssibly be: max (5 h 0 min)'));
  it('is read out in full by a screen reader', () => assert.ok(statusBarModel(state).label.includes(long)));
  it('is shown in full in the tooltip', () => assert.equal(rows(state)[0]?.[1], `**${long}**`));
  it('does not turn into an icon at the cut', () =>
    assert.doesNotMatch(
      statusBarModel(input([instance('demo', `${'x'.repeat(17)}$(error) and more`)], [])).text,
      /[^\\]\$\(error/,
    ));
});

describe('An instance on a host with a name of 60 characters, with a user name of 60 characters', () => {
  const hosts = ['17', '71'].map((number) => `a-very-long-host-name-of-the-company-number-${number}.zeyos.example`);
  const userName = 'maximilian.alexander.power.of.the.department.of.long.names.1';
  const twins = hosts.map((host) => instance(`https://${host}/demo`));
  const [first = assert.fail()] = twins;
  const text = (more: Partial<StatusBarInput> = {}, lastsMs?: number): string =>
    statusBarModel(input(twins, [signedIn(userName, first, lastsMs)], more)).text;

  it('differs from another instance of this length in at most 80 characters, in each state', () => {
    assert.deepEqual(
      hosts.map((host) => host.length),
      [60, 60],
    );
    assert.equal(userName.length, 60);
    const name = 'demo (a-very-…er-17.ze…example)';
    const user = 'maximilian…g.names.1';
    assert.deepEqual(
      [
        text(),
        text({ isReachable: () => false }),
        text({ needsSecret: () => true }),
        text({}, HOUR_MS / 4),
        text({}, -HOUR_MS),
        text({ account: undefined }),
      ],
      [
        `$(zeyos-logo) ${name}: ${user} (5 h 0 min)`,
        `$(cloud-offline) ${name}: ${user}`,
        `$(warning) ${name}: client secret needed`,
        `$(clock) ${name}: 15 min left`,
        `$(error) ${name}: sign in again`,
        `$(zeyos-logo) Sign in to ${name}`,
      ],
    );
    assert.ok(text().length <= 80);
  });

  it('is read out with its whole names by a screen reader', () =>
    assert.equal(
      statusBarModel(input(twins, [signedIn(userName, first)])).label,
      `ZeyOS: signed in to demo (${hosts[0]}) as ${userName}, 5 h 0 min left.`,
    ));

  it('has short names in the tooltip, so that its links stay in sight', () =>
    assert.deepEqual(
      rows(input(twins, [signedIn(userName, first)])).map(([, name, user]) => [name, user]),
      [
        ['**demo (a-very-…er-17.ze…example)** (active)', 'maximilian…g.names.1'],
        ['**demo (a-very-…er-71.ze…example)**', '–'],
      ],
    ));

  it('is cut in the text of an activity, so that the rest of the text fits', () => {
    const activity = `Checking token on ${'a'.repeat(60)}…`;
    const { text: shown, label } = statusBarModel(input(twins, [], { activity }));
    assert.equal(shown, `$(loading~spin) Checking token on aaaaaa…${'a'.repeat(22)}…`);
    assert.equal(label, `ZeyOS: ${activity}`);
  });
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

  it('is not marked while the status bar shows an activity', () =>
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

describe('The tooltip of the status bar item', () => {
  const demo = instance('demo', 'Demo');
  const acme = instance('acme', 'Acme');

  it('marks the active account only', () => {
    const state = input([demo, acme], [signedIn('anna', demo), signedIn('max', demo), signedIn('olga', acme)]);
    assert.deepEqual(
      rows(state).map(([, name, user]) => `${name} ${user}`),
      ['**Demo** (active) anna', '**Demo** max', '**Acme** olga'],
    );
  });

  it('marks the active instance if it has no account', () => {
    assert.deepEqual(
      rows(input([demo, acme], [signedIn('olga', acme)])).map(([, name]) => name),
      ['**Demo** (active)', '**Acme**'],
    );
  });

  it('marks nothing if there is only one instance and account', () =>
    assert.deepEqual(
      rows(input([demo], [signedIn('max', demo)])).map(([, name]) => name),
      ['**Demo**'],
    ));

  it('offers Renew first for a session that expires soon', () => {
    const [[, , , , , actions] = []] = rows(input([demo], [signedIn('max', demo, HOUR_MS / 4)]));
    assert.match(actions ?? '', /^\[Renew\]\(command:zeyos\.renewToken\?/);
    assert.deepEqual(Object.keys(links(actions)), ['Renew', 'Introspect', 'Revoke', 'Sign Out']);
  });

  it('offers Enter Client Secret instead of Renew if renewal needs the secret', () => {
    const [[, , , , , actions] = []] = rows(
      input([demo], [signedIn('max', demo, HOUR_MS / 4)], { needsSecret: () => true }),
    );
    assert.deepEqual(Object.keys(links(actions)), ['Enter Client Secret', 'Introspect', 'Revoke', 'Sign Out']);
  });

  it('says that a session is not saved, and offers Diagnose', () => {
    const [[state, , , states, , actions] = []] = rows(input([demo], [{ ...signedIn('max', demo), unsaved: 'late' }]));
    assert.equal(state, '$(warning)');
    assert.match(states ?? '', /not saved yet.* lost if this window closes/);
    assert.deepEqual(Object.keys(links(actions)), ['Diagnose', 'Introspect', 'Revoke', 'Sign Out']);
  });

  it('does not offer Renew for a session that is valid for long', () => {
    const [[, , , , , actions] = []] = rows(input([demo], [signedIn('max', demo)]));
    assert.deepEqual(Object.keys(links(actions)), ['Introspect', 'Revoke', 'Sign Out']);
  });

  it('shows the end of a session in its own column, without a blank at which a line could break', () => {
    const lasts = [5, 50, 200].map((hours) => signedIn(`user ${hours}`, demo, hours * HOUR_MS));
    const ends = rows(input([demo], lasts)).map(([, , , , end]) => end ?? '');
    for (const end of ends) assert.doesNotMatch(end, / /);
    assert.match(ends.join(' | '), /^Thu\s\d+:\d\d\s[AP]M \| Sat\s\d+:\d\d\s[AP]M \| Jan\s\d,\s1970$/);
  });

  it('offers to switch the instance only if there are several', () => {
    assert.equal(links(tooltipMarkdown(input([demo, acme], []), 'en'))['Switch instance'], 'zeyos.switchInstance');
    assert.equal(links(tooltipMarkdown(input([demo], []), 'en'))['Switch instance'], undefined);
  });

  it('counts the sessions of removed instances if no instance is configured', () => {
    const text = tooltipMarkdown(input([], [signedIn('max', demo), signedIn('olga', acme)]), 'en');
    assert.match(text, /No instance is configured\. Sessions of removed instances: 2\./);
    assert.equal(links(text)['Show Sessions'], 'zeyos.showSessions');
  });

  it('does not offer Show Sessions if there is no session', () => {
    const text = tooltipMarkdown(input([], [storedAccount()]), 'en');
    assert.match(text, /No instance is configured yet\./);
    assert.deepEqual(Object.keys(links(text)), ['Add Instance', 'Show Log']);
  });
});
