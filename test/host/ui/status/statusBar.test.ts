import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import * as vscode from 'vscode';
import type { Instance } from '../../../../src/session/model/instance';
import { usableUntil, type StoredAccount } from '../../../../src/session/model/session';
import { ended } from '../../../../src/session/model/transitions';
import { nextChange, statusBarModel, type StatusBarInput } from '../../../../src/ui/status/statusBarModel';
import { TOOLTIP_COMMANDS, tooltipMarkdown } from '../../../../src/ui/status/tooltip';
import { NetworkError } from '../../../../src/zeyos/errors';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { accessToken, session, storedAccount } from '../../../support/builders';
import { configure, configureInstances } from '../../support/extension';
import { Graph } from '../../support/graph';
import { until } from '../../support/until';
import { Vault } from '../../support/vault';

const demo = 'https://cloud.zeyos.com/demo';
const max = { name: 'max.power', sub: '7' };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Added to lifetimes, so that a clock that stands still is not just before a change. */
const SOME_MS = MINUTE_MS / 2;

describe('The status bar item', () => {
  let vault: Vault;
  let graph: Graph;

  before(async () => {
    vault = await Vault.open();
  });

  beforeEach(async () => {
    await configureInstances(demo);
    graph = await Graph.open(vault);
  });

  afterEach(async () => {
    graph.close();
    await vault.empty();
  });

  after(async () => {
    await configure('instances', undefined);
    await configure('expiryWarningMinutes', undefined);
  });

  /** All visible properties of the item. */
  function shown(): {
    text: string;
    colour: string | undefined;
    command: string | undefined;
    argument: unknown;
    says: string | undefined;
  } {
    const { text, backgroundColor, command, accessibilityInformation } = graph.item;
    assert.ok(typeof command === 'object');
    return {
      text,
      colour: (backgroundColor as { id?: string } | undefined)?.id,
      command: command.command,
      argument: (command.arguments as unknown[] | undefined)?.[0],
      says: accessibilityInformation?.label,
    };
  }

  /** Lets an event update the item, because only a timer reacts to time. */
  async function redrawn(): Promise<ReturnType<typeof shown>> {
    await graph.activity.during('looking', () => Promise.resolve());
    return shown();
  }

  const account = { instance: demo, account: 'max.power' };

  it('is on the right, has a name, and can be hidden by the user', () => {
    assert.deepEqual(
      [graph.item.id.endsWith('zeyos.status'), graph.item.name, graph.item.alignment],
      [true, 'ZeyOS', vscode.StatusBarAlignment.Right],
    );
    assert.equal(graph.item.accessibilityInformation?.role, 'button');
  });

  it('offers to add an instance if none is configured', async () => {
    await configureInstances();
    await until(() => graph.instances.instances.length === 0);
    assert.deepEqual(shown(), {
      text: '$(zeyos-logo) ZeyOS',
      colour: undefined,
      command: 'zeyos.addInstance',
      argument: undefined,
      says: 'ZeyOS: no instance is configured. Add one.',
    });
  });

  it('offers to sign in if the account is signed out', () => {
    assert.deepEqual(shown(), {
      text: '$(zeyos-logo) Sign in to demo',
      colour: undefined,
      command: 'zeyos.signIn',
      argument: { instance: demo },
      says: 'ZeyOS: signed out of demo. Sign in.',
    });
  });

  it('shows the signed-in user', async () => {
    await graph.keep(demo, max, 25 * HOUR_MS + SOME_MS);
    assert.deepEqual(shown(), {
      text: '$(zeyos-logo) demo: max.power',
      colour: undefined,
      command: 'zeyos.showSessions',
      argument: undefined,
      says: 'ZeyOS: signed in to demo as max.power.',
    });
  });

  it('shows the time left if it is under a day', async () => {
    await graph.keep(demo, max, 5 * HOUR_MS + 12 * MINUTE_MS + SOME_MS);
    assert.deepEqual(shown(), {
      text: '$(zeyos-logo) demo: max.power (5 h 12 min)',
      colour: undefined,
      command: 'zeyos.showSessions',
      argument: undefined,
      says: 'ZeyOS: signed in to demo as max.power, 5 h 12 min left.',
    });
  });

  it('warns before the session expires', async () => {
    await graph.keep(demo, max, 12 * MINUTE_MS + SOME_MS);
    assert.deepEqual(shown(), {
      text: '$(clock) demo: 12 min left',
      colour: 'statusBarItem.warningBackground',
      command: 'zeyos.showSessions',
      argument: undefined,
      says: 'ZeyOS: the session for max.power on demo expires soon, 12 min left.',
    });
  });

  it('warns as early as the setting says, and shows the time left', async () => {
    await graph.keep(demo, max, 51 * HOUR_MS + SOME_MS);
    await configure('expiryWarningMinutes', 3 * 24 * 60);
    await until(() => graph.item.text.startsWith('$(clock)'));
    assert.equal(graph.item.text, '$(clock) demo: 2 d 3 h left');
  });

  it('never warns if the setting is 0', async () => {
    await configure('expiryWarningMinutes', 0);
    await graph.keep(demo, max, 12 * MINUTE_MS + SOME_MS);
    assert.equal(graph.item.text, '$(zeyos-logo) demo: max.power (12 min)');
    await configure('expiryWarningMinutes', undefined);
  });

  it('shows that the session has expired', async () => {
    await graph.keep(demo, max, HOUR_MS + SOME_MS);
    graph.clock.advance(HOUR_MS - SOME_MS);
    assert.deepEqual(await redrawn(), {
      text: '$(error) demo: sign in again',
      colour: 'statusBarItem.errorBackground',
      command: 'zeyos.signIn',
      argument: account,
      says: 'ZeyOS: the session for max.power on demo has expired. Sign in again.',
    });
  });

  it('shows that the session was revoked', async () => {
    const { id, session: kept } = await graph.keep(demo, max);
    await graph.store.update(id, ended(kept?.accessToken?.value ?? '', 'revoked'));
    assert.deepEqual(shown(), {
      text: '$(error) demo: sign in again',
      colour: 'statusBarItem.errorBackground',
      command: 'zeyos.signIn',
      argument: account,
      says: 'ZeyOS: the session for max.power on demo was revoked. Sign in again.',
    });
  });

  it('shows that the credentials are lost', async () => {
    const { id } = await graph.keep(demo, max);
    await graph.secrets.delete(id);
    await until(() => graph.account(id).lost);
    assert.deepEqual(shown(), {
      text: '$(error) demo: sign in again',
      colour: 'statusBarItem.errorBackground',
      command: 'zeyos.signIn',
      argument: account,
      says: 'ZeyOS: the credentials for max.power on demo have been lost. Sign in again.',
    });
  });

  it('shows that the server cannot be reached, until it can again', async () => {
    await graph.keep(demo, max);
    await graph.reachability
      .watch(PlatformUrl.parse(demo), Promise.reject(new NetworkError('ECONNREFUSED', undefined)))
      .catch(() => undefined);
    assert.deepEqual(shown(), {
      text: '$(cloud-offline) demo: max.power',
      colour: undefined,
      command: 'zeyos.showSessions',
      argument: undefined,
      says: 'ZeyOS: demo cannot be reached; max.power stays signed in.',
    });
    const { tooltip } = graph.item;
    assert.ok(
      tooltip instanceof vscode.MarkdownString && tooltip.value.includes('(command:zeyos.diagnose?'),
      'the tooltip must offer Diagnose',
    );
    await graph.reachability.watch(PlatformUrl.parse(demo), Promise.resolve());
    assert.match(graph.item.text, /^\$\(zeyos-logo\) demo: max\.power/);
  });

  it('spins with the latest of several activities until all have ended', async () => {
    await graph.activity.during('Reading…', async () => {
      await graph.activity.during('Checking token on demo…', () => {
        assert.deepEqual(shown(), {
          text: '$(loading~spin) Checking token on demo…',
          colour: undefined,
          command: 'zeyos.showSessions',
          argument: undefined,
          says: 'ZeyOS: Checking token on demo…',
        });
        return Promise.resolve();
      });
      assert.equal(graph.item.text, '$(loading~spin) Reading…');
    });
    assert.equal(graph.item.text, '$(zeyos-logo) Sign in to demo');
  });

  it('counts the time left down without an event', async () => {
    graph.close();
    graph = await Graph.open(vault, { time: 'real' });
    const now = Date.now();
    await graph.store.signIn(
      PlatformUrl.parse(demo),
      { userName: 'max.power' },
      { api: 'authV1', accessToken: { value: 'a'.repeat(40), issuedAt: now, expiresAt: now + 2_000 } },
    );
    await until(() => graph.item.text === '$(error) demo: sign in again');
  });

  it('has a tooltip with a row for each instance and account, and links only to the listed commands', async () => {
    await configureInstances(demo, 'https://cloud.zeyos.com/acme');
    await until(() => graph.instances.instances.length === 2);
    await graph.keep(demo, max, HOUR_MS + SOME_MS);
    const { tooltip } = graph.item;
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.deepEqual(
      [tooltip.isTrusted, tooltip.supportThemeIcons, tooltip.supportHtml ?? false],
      [{ enabledCommands: [...TOOLTIP_COMMANDS] }, true, false],
    );
    assert.match(tooltip.value, /\*\*demo\*\* \(active\) \| max\\\.power \| 1\s+h\s+0\s+min\s+left \| /);
    assert.match(tooltip.value, /\*\*acme\*\* \| – \| signed out/);
    const links = [...tooltip.value.matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command ?? '');
    assert.ok(links.length > 5);
    assert.deepEqual(
      links.filter((command) => !(TOOLTIP_COMMANDS as readonly string[]).includes(command)),
      [],
    );
    assert.deepEqual(
      TOOLTIP_COMMANDS.filter((command) => /copy|api/i.test(command)),
      [],
    );
  });

  it('contains no token in text or tooltip', async () => {
    const { session: kept } = await graph.keep(demo, max, HOUR_MS + SOME_MS);
    const { tooltip } = graph.item;
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.equal(JSON.stringify([shown(), tooltip.value]).includes(kept?.accessToken?.value ?? assert.fail()), false);
  });
});

describe('A hostile name in the status bar', () => {
  const names = [
    '$(error)',
    '[x](command:workbench.action.quit)',
    '<b>bold</b>',
    '<img src=x>',
    '**bold**',
    '| a | b |',
    'https://evil.example',
    'www.evil.example',
    'max@evil.example',
    '`code`',
    '&#91;x](command:y)',
    '\\$(error)',
    '![x](https://evil.example/x.png)',
    '# title',
    '~~gone~~',
    'x\\',
  ];

  /** Returns a state with the name in every place. */
  function inputWith(name: string): StatusBarInput {
    const stored = storedAccount({ userName: name, session: session(accessToken('t', { expiresAt: HOUR_MS })) });
    const instance: Instance = { platform: PlatformUrl.parse(demo), name, redirectPort: 9005 };
    return {
      instances: [instance],
      active: instance,
      account: stored,
      accounts: [stored],
      activity: undefined,
      isReachable: () => true,
      needsSecret: () => false,
      now: 0,
      warningMs: 0,
    };
  }

  for (const name of names) {
    it(`${name} is shown unchanged and without links`, async () => {
      const input = inputWith(name);
      // The item’s own icon is the only icon.
      const icons = [...statusBarModel(input).text.matchAll(/(\\?)\$\(/g)].filter(([, escape]) => escape === '');
      assert.equal(icons.length, 1);

      const html = await vscode.commands.executeCommand<string>('markdown.api.render', tooltipMarkdown(input, 'en'));
      const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');
      assert.deepEqual(
        links.filter((href) => /^command:(?!zeyos\.)/.test(href)),
        [],
        html,
      );
      // The preview finds URLs in text. The status bar finds only those that are not escaped.
      assert.doesNotMatch(tooltipMarkdown(input, 'en').replace(/\(command:[^)]*\)/g, ''), /\w:\/\/|www\.|\w@/);
      assert.doesNotMatch(html.replace(/<strong>[^<]*<\/strong>/g, ''), /<(b|img|strong|em|code|h1|s|del)[ >]/);
      assert.equal([...html.matchAll(/<t[dh][ >]/g)].length, 12, html);
      // The editor looks for icons after it rendered the Markdown, when nothing is escaped.
      assert.doesNotMatch(tooltipMarkdown(input, 'en').replace('$(pass)', ''), /\$/);
    });
  }

  it('cannot leave the link whose argument it is', () => {
    for (const name of names) {
      const queries = [...tooltipMarkdown(inputWith(name), 'en').matchAll(/\(command:zeyos\.\w+\?([^)]*)\)/g)].map(
        ([, query]) => query ?? '',
      );
      assert.ok(queries.length > 0);
      for (const query of queries)
        assert.deepEqual(JSON.parse(decodeURIComponent(query)), [{ instance: demo, account: name }]);
    }
  });
});

describe('The time of the next change in the status bar', () => {
  const instances: readonly Instance[] = ['demo', 'acme'].map((name) => ({
    platform: PlatformUrl.parse(name),
    name,
    redirectPort: 9005,
  }));
  const [active] = instances;
  const now = Date.parse('2030-01-01T12:00:00Z');

  const token = fc
    .record({
      leftMs: fc.oneof(
        fc.integer({ min: -HOUR_MS, max: 2 * HOUR_MS }),
        fc.integer({ min: -DAY_MS, max: 4 * DAY_MS }),
        fc.constantFrom(0, 1, MINUTE_MS, HOUR_MS, DAY_MS, DAY_MS - 1, DAY_MS + 1),
      ),
      ageMs: fc.integer({ min: 0, max: 2 * DAY_MS }),
      isKnown: fc.boolean(),
    })
    .map(({ leftMs, ageMs, isKnown }) =>
      accessToken('t', {
        issuedAt: Math.min(now, now + leftMs) - ageMs,
        ...((isKnown || leftMs < 0) && { expiresAt: now + leftMs }),
      }),
    );
  const stored: fc.Arbitrary<StoredAccount> = fc
    .record({
      token: fc.option(token, { nil: undefined, freq: 8 }),
      onActive: fc.boolean(),
      lost: fc.nat(9),
      name: fc.constantFrom('max', 'anna', 'olga'),
    })
    .map(({ token: value, onActive, lost, name }) =>
      storedAccount({
        userName: name,
        platform: PlatformUrl.parse(onActive ? 'demo' : 'acme'),
        ...(lost === 0 ? { lost: true } : { session: session(value) }),
      }),
    );
  const input: fc.Arbitrary<StatusBarInput> = fc
    .record({
      accounts: fc.array(stored, { minLength: 1, maxLength: 3 }),
      warningMs: fc.constantFrom(0, 30 * MINUTE_MS, 5 * HOUR_MS, 3 * DAY_MS, 90_001),
      isReachable: fc.boolean(),
      at: fc.integer({ min: 0, max: MINUTE_MS }),
    })
    .map(({ accounts, warningMs, isReachable, at }) => ({
      instances,
      active,
      account: accounts.find(({ platform }) => platform.href === active?.platform.href),
      accounts,
      activity: undefined,
      isReachable: () => isReachable,
      needsSecret: () => false,
      now: now + at,
      warningMs,
    }));
  const drawn = (state: StatusBarInput): unknown => [statusBarModel(state), tooltipMarkdown(state, 'en')];

  it('is not later than the first change of what is shown', () => {
    fc.assert(
      fc.property(input, fc.double({ min: 0, max: 1, noNaN: true }), (state, part) => {
        const next = nextChange(state);
        assert.ok(next > state.now);
        const until = next === Infinity ? state.now + 30 * DAY_MS : next - 1;
        const before = drawn(state);
        assert.deepEqual(drawn({ ...state, now: until }), before);
        assert.deepEqual(drawn({ ...state, now: Math.floor(state.now + (until - state.now) * part) }), before);
      }),
      { numRuns: 2_000 },
    );
  });

  it('occurs at most once a minute on the last day of an account and once an hour before it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 * DAY_MS }),
        fc.constantFrom(0, 30 * MINUTE_MS, 3 * DAY_MS),
        (lifetimeMs, warningMs) => {
          const only = storedAccount({
            session: session(accessToken('t', { issuedAt: now, expiresAt: now + lifetimeMs })),
          });
          let state: StatusBarInput = {
            instances,
            active,
            account: only,
            accounts: [only],
            activity: undefined,
            isReachable: () => true,
            needsSecret: () => false,
            now,
            warningMs,
          };
          let count = 0;
          for (let next = nextChange(state); next !== Infinity; next = nextChange(state)) {
            state = { ...state, now: next };
            count++;
          }
          // One change a minute on the last day, one an hour before, and a few others.
          assert.ok(count <= Math.min(lifetimeMs, DAY_MS) / MINUTE_MS + lifetimeMs / HOUR_MS + 5, `${count} changes`);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is a time at which the shown text really changes, for one account', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10 * MINUTE_MS, max: 3 * DAY_MS }),
        fc.constantFrom(30 * MINUTE_MS, 5 * HOUR_MS),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (lifetimeMs, warningMs, part) => {
          const value = accessToken('t', { issuedAt: now, expiresAt: now + lifetimeMs });
          const only = storedAccount({ session: session(value) });
          const state: StatusBarInput = {
            instances,
            active,
            account: only,
            accounts: [only],
            activity: undefined,
            isReachable: () => true,
            needsSecret: () => false,
            now: Math.floor(now + lifetimeMs * part),
            warningMs,
          };
          const next = nextChange(state);
          if (state.now >= usableUntil(value)) return;
          assert.notDeepEqual(drawn({ ...state, now: next }), drawn({ ...state, now: next - 1 }));
        },
      ),
      { numRuns: 500 },
    );
  });
});
