import * as assert from 'node:assert/strict';
import { savedPassword } from '../../../src/session/model/grant';
import * as vscode from 'vscode';
import { ended, expiryLearnt } from '../../../src/session/model/transitions';
import { InstanceFailure } from '../../../src/dialog/failure/instanceFailure';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { acme, juergen, maxPower } from '../../support/sandbox/fixtures';
import type { Fault, Sandbox, SandboxUser } from '../../support/sandbox/sandbox';
import { configureInstances } from '../support/extension';
import { Graph } from '../support/graph';
import { Person } from '../support/person';
import { startServer } from '../support/server';
import { until } from '../support/until';
import { Vault } from '../support/vault';

const cloud = {
  demo: 'https://cloud.zeyos.com/demo',
  acme: 'https://cloud.zeyos.com/acme',
  shop: 'https://cloud.zeyos.com/shop',
  otherDemo: 'https://zeyos.example.com/demo',
} as const;
const max = { name: 'max.power', sub: '7' };
const anna = { name: 'anna', sub: '4' };

const maxOnDemo = 'max.power (cloud.zeyos.com/demo)';
const maxOnAcme = 'max.power (cloud.zeyos.com/acme)';
const annaOnDemo = 'anna (cloud.zeyos.com/demo)';

async function labelsFound(
  { provider }: Graph,
  scopes?: readonly string[],
  account?: vscode.AuthenticationSessionAccountInformation,
): Promise<readonly string[]> {
  const sessions = await provider.getSessions(scopes, account ? { account } : {});
  return sessions.map((session) => session.account.label);
}

describe('The call "getSessions" of the authentication provider', () => {
  let vault: Vault;
  let graph: Graph;
  let person: Person;

  before(async () => {
    vault = await Vault.open();
    await configureInstances(cloud.demo, cloud.acme, cloud.shop, cloud.otherDemo);
    person = new Person();
    graph = await Graph.open(vault, { registered: true });
    await graph.keep(cloud.acme, max);
    await graph.keep(cloud.demo, max);
  });

  after(async () => {
    person.leave();
    graph.close();
    await vault.empty();
    await configureInstances();
  });

  const found = (
    scopes?: readonly string[],
    account?: vscode.AuthenticationSessionAccountInformation,
  ): Promise<readonly string[]> => labelsFound(graph, scopes, account);

  const table: readonly [string, readonly string[] | undefined, readonly string[]][] = [
    ['no scopes', undefined, [maxOnDemo, maxOnAcme]],
    ['an empty list of scopes', [], [maxOnDemo, maxOnAcme]],
    ['a platform URL', [cloud.acme], [maxOnAcme]],
    ['a platform URL with a slash at its end', [`${cloud.acme}/`], [maxOnAcme]],
    ['a platform URL in another case with its default port', ['HTTPS://Cloud.ZeyOS.com:443/acme'], [maxOnAcme]],
    ['a platform URL with blanks around it', [` ${cloud.acme} `], [maxOnAcme]],
    ['the same platform URL twice', [cloud.acme, `${cloud.acme}/`], [maxOnAcme]],
    ['a bare name', ['acme'], [maxOnAcme]],
    ['a bare name and its platform URL', ['acme', cloud.acme], [maxOnAcme]],
    ['a bare name of several instances', ['demo'], []],
    ['several instances', [cloud.demo, cloud.acme], []],
    ['several instances, one by its bare name', [cloud.demo, 'acme'], []],
    ['an instance that is not configured', ['https://cloud.zeyos.com/unknown'], []],
    ['an instance without a session', [cloud.shop], []],
    ['a path in another case, which is another instance', ['https://cloud.zeyos.com/ACME'], []],
    ['a URL that names no instance', ['https://cloud.zeyos.com'], []],
    ['a URL with user info', ['https://max@cloud.zeyos.com/acme'], []],
    ['a URL with a query', [`${cloud.acme}?x=1`], []],
    ['plain http', ['http://cloud.zeyos.com/acme'], []],
    ['a broken URL', ['https:cloud.zeyos.com/acme'], []],
    ['labels only', ['email', 'offline access'], [maxOnDemo, maxOnAcme]],
    ['a label and a bare name', ['email', 'acme'], [maxOnAcme]],
    ['an empty scope', [''], [maxOnDemo, maxOnAcme]],
  ];
  for (const [what, scopes, labels] of table)
    it(`with ${what} finds ${labels.length} sessions`, async () => assert.deepEqual(await found(scopes), labels));

  it('returns the requested scopes in their order', async () => {
    const scopes = ['zebra', `${cloud.acme}/`, 'alpha', 'zebra'];
    const [session] = await graph.provider.getSessions(scopes, {});
    assert.deepEqual(session?.scopes, scopes);
  });

  it('returns the canonical URL as the scope if no scopes were requested', async () => {
    const sessions = await graph.provider.getSessions(undefined, {});
    assert.deepEqual(
      sessions.map(({ scopes }) => scopes),
      [[cloud.demo], [cloud.acme]],
    );
  });

  it('finds the sessions of an account by the account’s id', async () =>
    assert.deepEqual(await found(undefined, { id: `${cloud.acme}#7`, label: 'another label' }), [maxOnAcme]));

  it('does not match an account by its label', async () =>
    assert.deepEqual(await found(undefined, { id: `${cloud.acme}#8`, label: maxOnAcme }), []));

  it('finds nothing for an account of another instance than the scopes select', async () =>
    assert.deepEqual(await found([cloud.demo], { id: `${cloud.acme}#7`, label: maxOnAcme }), []));

  it('returns a random session id, and an account id and label with user and instance', async () => {
    const [session] = await graph.provider.getSessions([cloud.acme], {});
    assert.match(session?.id ?? '', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.deepEqual(session?.account, { id: `${cloud.acme}#7`, label: maxOnAcme });
  });

  it('returns objects whose changes do not affect later calls', async () => {
    const [session] = await graph.provider.getSessions([cloud.acme], {});
    assert.ok(session);
    (session.scopes as string[]).push('more');
    Object.assign(session.account, { label: 'changed' });
    const [again] = await graph.provider.getSessions([cloud.acme], {});
    assert.deepEqual([again?.scopes, again?.account.label], [[cloud.acme], maxOnAcme]);
  });

  it('fires no event, shows nothing and changes nothing', async () => {
    graph.takeEvents();
    for (const [, scopes] of table) await graph.provider.getSessions(scopes, {});
    assert.deepEqual([graph.takeEvents(), person.messages, person.prompt], [[], [], undefined]);
  });

  it('makes its accounts known to the editor', async () => {
    const accounts = await until(async () => {
      const known = await vscode.authentication.getAccounts('zeyos-test');
      return known.length === 2 && known;
    });
    assert.deepEqual(accounts.map(({ id, label }) => [id, label]).sort(), [
      [`${cloud.acme}#7`, maxOnAcme],
      [`${cloud.demo}#7`, maxOnDemo],
    ]);
  });

  it('returns no session to an extension without the user’s consent', async () => {
    assert.equal(await vscode.authentication.getSession('zeyos-test', [cloud.acme], { silent: true }), undefined);
  });
});

describe('The authentication provider of ZeyOS', () => {
  let vault: Vault;
  let graph: Graph;
  let person: Person;

  before(async () => {
    vault = await Vault.open();
  });

  beforeEach(async () => {
    await configureInstances(cloud.demo, cloud.acme, cloud.shop, cloud.otherDemo);
    person = new Person();
    graph = await Graph.open(vault, { registered: true });
  });

  afterEach(async () => {
    person.leave();
    graph.close();
    await vault.empty();
  });

  after(() => configureInstances());

  const found = (): Promise<readonly string[]> => labelsFound(graph);
  const turnTime = async (): Promise<void> => {
    graph.close();
    graph = await Graph.open(vault, { registered: true, time: 'turned' });
  };

  describe('with several sessions', () => {
    beforeEach(async () => {
      await graph.keep(cloud.acme, max);
      await graph.keep(cloud.demo, max);
      graph.clock.advance(1);
      await graph.keep(cloud.demo, anna);
    });

    it('returns the active instance first, and on it the account signed in to last', async () => {
      assert.deepEqual(await found(), [annaOnDemo, maxOnDemo, maxOnAcme]);
      const instance = graph.instances.find(PlatformUrl.parse(cloud.acme));
      assert.ok(instance);
      await graph.instances.activate(instance);
      assert.equal((await found())[0], maxOnAcme);
    });

    it('returns the chosen active account first', async () => {
      const instance = graph.instances.find(PlatformUrl.parse(cloud.demo));
      const chosen = graph.store.accounts.find(({ account }) => account.label === maxOnDemo);
      assert.ok(instance && chosen);
      await graph.instances.activate(instance, chosen.id);
      assert.deepEqual(await found(), [maxOnDemo, annaOnDemo, maxOnAcme]);
    });
  });

  describe('with tokens that expire', () => {
    it('returns no token with less than a minute left, and fires "removed" once', async () => {
      await graph.keep(cloud.demo, max, 3_630_000);
      graph.takeEvents();
      graph.clock.advance(3_570_000 - 1);
      assert.deepEqual(await found(), [maxOnDemo]);
      graph.clock.advance(1);
      assert.deepEqual(await found(), []);
      assert.deepEqual(await found(), []);
      assert.deepEqual(graph.takeEvents(), [`removed ${maxOnDemo}`]);
    });

    it('returns a token with a lifetime under a minute for nine tenths of it', async () => {
      await graph.keep(cloud.demo, max, 50_000);
      graph.clock.advance(45_000 - 1);
      assert.deepEqual(await found(), [maxOnDemo]);
      graph.clock.advance(1);
      assert.deepEqual(await found(), []);
    });

    it('fires "removed" when the token expires, without a call', async () => {
      graph.close();
      graph = await Graph.open(vault, { registered: true });
      const now = graph.clock.now();
      await graph.store.signIn(
        graph.instances.active?.platform ?? assert.fail(),
        { userName: 'max.power' },
        { api: 'authV1', accessToken: { value: 'a'.repeat(40), issuedAt: now, expiresAt: now + 3_600_000 } },
      );
      graph.takeEvents();
      graph.clock.advanceTo(now + 3_540_000);
      assert.deepEqual(await until(() => graph.events.length > 0 && graph.takeEvents()), [`removed ${maxOnDemo}`]);
    });

    it('returns no token that the server ended', async () => {
      const stored = await graph.keep(cloud.demo, max);
      graph.takeEvents();
      await graph.store.update(stored.id, ended(stored.session?.accessToken?.value ?? '', 'revoked'));
      assert.deepEqual([await found(), graph.takeEvents()], [[], [`removed ${maxOnDemo}`]]);
    });
  });

  describe('after a change', () => {
    it('fires "added" after a sign-in, and the editor passes it on', async () => {
      const told = new Promise<string>((resolve) => {
        const subscription = vscode.authentication.onDidChangeSessions(({ provider }) => {
          if (provider.id !== 'zeyos-test') return;
          subscription.dispose();
          resolve(provider.label);
        });
      });
      await graph.keep(cloud.demo, max);
      assert.deepEqual(graph.takeEvents(), [`added ${maxOnDemo}`]);
      assert.equal(await told, 'ZeyOS Test');
    });

    it('fires "removed" after a sign-out', async () => {
      const { id } = await graph.keep(cloud.demo, max);
      graph.takeEvents();
      await graph.store.signOut(id);
      assert.deepEqual(graph.takeEvents(), [`removed ${maxOnDemo}`]);
    });

    it('fires "changed" with the same id when another window has renewed the token', async () => {
      const { id, session } = await graph.keep(cloud.demo, max);
      assert.ok(session?.accessToken);
      graph.takeEvents();
      await graph.secrets.store(id, {
        session: { ...session, accessToken: { ...session.accessToken, value: 'f'.repeat(40) } },
        pendingRevocations: [],
      });
      assert.deepEqual(await until(() => graph.events.length > 0 && graph.takeEvents()), [`changed ${maxOnDemo}`]);
      const [changed] = await graph.provider.getSessions([cloud.demo], {});
      assert.deepEqual([changed?.id, changed?.accessToken], [id, 'f'.repeat(40)]);
    });

    it('fires nothing when only the end of a token becomes known', async () => {
      const stored = await graph.store.signIn(
        graph.instances.active?.platform ?? assert.fail(),
        { userName: 'max.power' },
        { api: 'authV1', accessToken: { value: 'a'.repeat(40), issuedAt: graph.clock.now() } },
      );
      graph.takeEvents();
      await graph.store.update(stored.id, expiryLearnt('a'.repeat(40), graph.clock.now() + 3_630_000));
      assert.deepEqual(
        [graph.account(stored.id).session?.accessToken?.expiresAt, graph.takeEvents()],
        [graph.clock.now() + 3_630_000, []],
      );
    });

    it('keeps id and label at another sign-in to the same account, and fires "added"', async () => {
      const first = await graph.keep(cloud.demo, max);
      graph.takeEvents();
      graph.clock.advance(1_000);
      const second = await graph.keep(cloud.demo, max);
      assert.deepEqual([second.id, second.account], [first.id, first.account]);
      assert.deepEqual(graph.takeEvents(), [`added ${maxOnDemo}`]);
    });

    it('keeps the id after a sign-out and a sign-in', async () => {
      const first = await graph.keep(cloud.demo, max);
      await graph.store.signOut(first.id);
      graph.clock.advance(1_000);
      assert.equal((await graph.keep(cloud.demo, max)).id, first.id);
    });

    it('fires "removed" when an instance leaves the setting, and "added" when it comes back', async () => {
      const { id } = await graph.keep(cloud.acme, max);
      await graph.keep(cloud.demo, max);
      graph.takeEvents();
      await configureInstances(cloud.demo);
      assert.deepEqual(await until(() => graph.events.length > 0 && graph.takeEvents()), [`removed ${maxOnAcme}`]);
      assert.deepEqual(await labelsFound(graph, [cloud.acme]), []);
      await configureInstances(cloud.demo, cloud.acme);
      assert.deepEqual(await until(() => graph.events.length > 0 && graph.takeEvents()), [`added ${maxOnAcme}`]);
      const [back] = await graph.provider.getSessions([cloud.acme], {});
      assert.equal(back?.id, id);
    });

    it('fires nothing for a session that existed at the start', async () => {
      await graph.keep(cloud.demo, max);
      graph.close();
      graph = await Graph.open(vault);
      assert.deepEqual(await found(), [maxOnDemo]);
      assert.deepEqual(graph.takeEvents(), []);
    });

    it('fires "added" once with the scopes of each request that found nothing', async () => {
      const asked = ['acme', 'tickets'];
      // This is the same request, because the editor compares scopes as sets.
      await graph.provider.getSessions(['tickets', 'acme'], {});
      await graph.provider.getSessions(asked, {});
      await graph.provider.getSessions([cloud.acme], {});
      await graph.provider.getSessions([cloud.demo], {});
      graph.events.splice(0);
      const { id } = await graph.keep(cloud.acme, max);
      const [event] = graph.events.splice(0);
      assert.deepEqual(
        event?.added?.map((session) => [session.id, session.scopes]),
        [
          [id, [cloud.acme]],
          [id, asked],
        ],
      );
      graph.clock.advance(1);
      await graph.keep(cloud.acme, max);
      assert.deepEqual(
        graph.events.flatMap(({ added }) => added?.map(({ scopes }) => scopes)),
        [[cloud.acme]],
      );
    });
  });

  const cancelled = (error: unknown): boolean => error instanceof vscode.CancellationError;

  describe('in a call of "createSession"', () => {
    it('rejects with CancellationError on Esc', async () => {
      const session = graph.provider.createSession([cloud.acme], {});
      const rejected = assert.rejects(session, cancelled);
      assert.match(await person.dismiss(), /https:\/\/cloud\.zeyos\.com\/acme/);
      await rejected;
      assert.deepEqual([person.messages, graph.takeEvents()], [[], []]);
    });

    it('rejects with CancellationError on Esc in the list of instances', async () => {
      const rejected = assert.rejects(graph.provider.createSession([], {}), cancelled);
      assert.equal(await person.dismiss(), 'Select an instance');
      await rejected;
    });

    it('rejects with CancellationError if the dialog that adds an instance and names its host is cancelled', async () => {
      await assert.rejects(graph.provider.createSession(['https://zeyos.example.org/new'], {}), cancelled);
      const [dialog] = person.messages;
      assert.deepEqual([dialog?.isModal, dialog?.buttons], [true, ['Add']]);
      assert.match(dialog?.detail ?? '', /zeyos\.example\.org/);
    });

    const refused: readonly [string, readonly string[], RegExp][] = [
      ['a bare name of several instances', ['demo'], /Several ZeyOS instances are named demo/],
      ['several instances', [cloud.demo, cloud.acme], /one at a time/],
      ['a URL without an instance', ['https://cloud.zeyos.com'], /not the URL of a ZeyOS instance/],
    ];
    for (const [what, scopes, why] of refused) {
      it(`rejects ${what} with the reason`, async () => {
        await assert.rejects(graph.provider.createSession(scopes, {}), why);
        assert.equal(person.prompt, undefined);
      });
    }

    it('rejects an unknown account', async () => {
      await assert.rejects(
        graph.provider.createSession([], { account: { id: `${cloud.demo}#99`, label: 'nobody' } }),
        /nobody is not known here/,
      );
    });

    it('rejects an account of another instance than the scopes select', async () => {
      const { account } = await graph.keep(cloud.acme, max);
      await assert.rejects(
        graph.provider.createSession([cloud.demo], { account }),
        /cloud\.zeyos\.com\/acme, not to https:\/\/cloud\.zeyos\.com\/demo/,
      );
    });
  });

  describe('with a running server', () => {
    let sandbox: Sandbox;

    beforeEach(async () => {
      sandbox = await startServer();
      await configureInstances(sandbox.url('demo'), sandbox.url('acme'));
    });

    afterEach(() => sandbox.stop());

    it('returns a session with the requested scopes', async () => {
      const scopes = ['tickets', `${sandbox.url('demo')}/`];
      const session = graph.provider.createSession(scopes, {});
      assert.equal(await person.type(maxPower.name), undefined);
      assert.match((await person.type('wrong')) ?? '', /did not accept this user name and password/);
      assert.equal(await person.type(maxPower.password), undefined);
      const { accessToken, account, scopes: returned } = await session;
      assert.deepEqual([returned, account.id], [scopes, `${sandbox.url('demo')}#${maxPower.sub}`]);
      assert.deepEqual(
        sandbox
          .tokens()
          .filter(({ active }) => active)
          .map(({ value }) => value),
        [accessToken],
      );
      assert.deepEqual(graph.takeEvents(), [`added ${account.label}`]);
    });

    it('asks only for the password of the requested account', async () => {
      const { account } = await graph.signInAt(sandbox.url('demo'), juergen);
      const session = graph.provider.createSession([], { account });
      await person.type(juergen.password);
      assert.equal((await session).account.id, account.id);
    });

    it('uses the only instance if no scopes are requested', async () => {
      await configureInstances(sandbox.url('acme'));
      const session = graph.provider.createSession([], {});
      await person.type(acme.users[0].name);
      await person.type(acme.users[0].password);
      assert.equal((await session).account.id, `${sandbox.url('acme')}#12`);
    });

    it('joins a running sign-in to the same instance', async () => {
      const [first, second] = [
        graph.provider.createSession([sandbox.url('demo')], {}),
        graph.provider.createSession(['demo'], {}),
      ];
      await person.type(maxPower.name);
      await person.type(maxPower.password);
      assert.equal((await first).id, (await second).id);
      assert.equal(sandbox.tokens().length, 1);
    });

    describe('with a deadline for the user', () => {
      beforeEach(turnTime);

      const takesTooLong = async (session: Promise<unknown>): Promise<void> => {
        session.catch(() => undefined);
        await until(() => graph.clock.waits.includes(120_000));
        graph.clock.elapse(120_000);
        await assert.rejects(session, (error: Error) =>
          /Signing in to 127\.0\.0\.1:\d+\/demo is taking longer than two minutes\. It continues/.test(error.message),
        );
      };

      it('rejects after the deadline saying that the sign-in continues, which then fires "added"', async () => {
        const rejected = takesTooLong(graph.provider.createSession([sandbox.url('demo')], {}));
        await person.type(maxPower.name);
        await rejected;
        assert.ok(person.prompt, 'the prompt must be open');
        await person.type(maxPower.password);
        const label = `max.power (${new URL(sandbox.origin).host}/demo)`;
        assert.deepEqual(await until(() => graph.events.length > 0 && graph.takeEvents()), [`added ${label}`]);
        assert.deepEqual(
          [
            await labelsFound(graph, [sandbox.url('demo')]),
            sandbox.tokens().map(({ active }) => active),
            graph.failures,
          ],
          [[label], [true], []],
        );
      });

      it('lets another request join a sign-in that continues after the deadline', async () => {
        await takesTooLong(graph.provider.createSession([sandbox.url('demo')], {}));
        const again = graph.provider.createSession([sandbox.url('demo')], {});
        again.catch(() => undefined);
        await person.type(maxPower.name);
        await person.type(maxPower.password);
        await until(() => graph.events.length > 0);
        assert.equal(sandbox.tokens().length, 1);
        await again.catch(() => undefined);
      });

      it('shows a failure after the deadline to the user, but no cancellation', async () => {
        await takesTooLong(graph.provider.createSession([sandbox.url('demo')], {}));
        sandbox.fault('introspect', { kind: 'json', body: { active: false } });
        await person.type(maxPower.name);
        await person.type(maxPower.password);
        const [failure] = await until(() => graph.failures.length > 0 && graph.failures);
        assert.ok(
          failure instanceof InstanceFailure && failure.message.includes(`${new URL(sandbox.origin).host}/demo`),
        );
        sandbox.clearFaults();
        await until(() => sandbox.tokens().every(({ active }) => !active));
        graph.failures.splice(0);
        await takesTooLong(graph.provider.createSession([sandbox.url('demo')], {}));
        await person.dismiss();
        await until(() => graph.failures.length > 0);
        assert.ok(graph.failures.every(cancelled), 'a cancellation is not shown');
        assert.deepEqual(await found(), []);
      });

      it('resolves to the session if the user signs in before the deadline', async () => {
        graph.close();
        graph = await Graph.open(vault, { registered: true });
        const session = graph.provider.createSession([sandbox.url('demo')], {});
        await person.type(maxPower.name);
        await person.type(maxPower.password);
        assert.equal((await session).account.id, `${sandbox.url('demo')}#${maxPower.sub}`);
      });
    });

    describe('with an instance that is not configured', () => {
      const shop = (): string => sandbox.url('shop');
      /** Answers all dialogs but the last with the button that continues. */
      const answer = (...wanted: readonly string[]): void => {
        person.reply = ({ buttons }) => buttons.find((button) => wanted.includes(button));
      };

      it('adds the instance after the user’s confirmation, and returns a session', async () => {
        answer('Add');
        const session = graph.provider.createSession([shop()], {});
        await person.pick('User Name and Password');
        await person.type('shopkeeper');
        await person.type('open-sesame');
        assert.equal((await session).account.id, `${shop()}#3`);
        assert.ok(graph.instances.find(PlatformUrl.parse(shop())));
      });

      it('offers no other URL if no ZeyOS answers, because the caller asked for this instance', async () => {
        const nowhere = `${sandbox.origin}/nowhere`;
        answer('Add', 'Edit Address');
        await assert.rejects(person.dismissAllUntil(graph.provider.createSession([nowhere], {})), cancelled);
        assert.deepEqual(
          person.messages.map(({ buttons }) => buttons),
          [['Add'], ['Add Anyway']],
        );
        assert.match(person.heard, new RegExp(`${nowhere} could not be checked`));
        assert.equal(graph.instances.find(PlatformUrl.parse(nowhere)), undefined);
      });

      it('adds the instance although no ZeyOS answers if the user insists, and asks for the password of no other instance', async () => {
        const nowhere = `${sandbox.origin}/nowhere`;
        answer('Add', 'Add Anyway');
        await configureInstances(sandbox.url('demo'));
        const rejected = assert.rejects(graph.provider.createSession([nowhere], {}), cancelled);
        await until(() => graph.instances.find(PlatformUrl.parse(nowhere)));
        const asked = await until(() => person.prompt);
        assert.equal(asked.title, 'Sign in to nowhere');
        await person.dismiss();
        await rejected;
      });
    });

    it('rejects with the instance and the reason if the sign-in fails', async () => {
      sandbox.fault('introspect', { kind: 'json', body: { active: false } });
      const rejected = assert.rejects(
        graph.provider.createSession([sandbox.url('demo')], {}),
        (error: Error) => error instanceof InstanceFailure && error.message.includes(new URL(sandbox.url('demo')).host),
      );
      await person.type(maxPower.name);
      await person.type(maxPower.password);
      await rejected;
    });

    it('merges accounts whose names differ only in case into the older one at the next sign-in', async () => {
      const platform = PlatformUrl.parse(sandbox.url('demo'));
      const account = (id: string, userName: string) => ({
        id,
        platform,
        account: { id: `${platform.href}#${userName}`, label: `${userName} (x/demo)`, userName },
        signedIn: true,
      });
      const [older, newer] = [account('older', 'Max.Power'), account('newer', 'MAX.POWER')];
      await graph.secrets.storeIndex([older, newer]);
      const now = graph.clock.now();
      for (const { id } of [older, newer]) {
        const accessToken = { value: `token-of-${id}`, issuedAt: now, expiresAt: now + 25 * 3_600_000 };
        await graph.secrets.store(id, {
          session: { api: 'authV1', accessToken, signedInAt: now },
          pendingRevocations: [],
        });
      }
      await graph.store.refresh();
      graph.takeEvents();
      const session = graph.provider.createSession([platform.href], {});
      await person.type(maxPower.name);
      await person.type(maxPower.password);
      assert.deepEqual(
        [(await session).id, (await session).account],
        ['older', { id: older.account.id, label: older.account.label }],
      );
      const events = await until(() => {
        const told = graph.takeEvents();
        return told.length > 0 && told;
      });
      assert.ok(events.includes(`removed ${newer.account.label}`), events.join());
      assert.deepEqual(
        (await graph.provider.getSessions([platform.href], {})).map(({ id }) => id),
        ['older'],
      );
      assert.equal(graph.account('newer').session, undefined);
    });

    describe('if the tokens of two accounts have expired', () => {
      const keepWithPassword = async (user: SandboxUser): Promise<vscode.AuthenticationSessionAccountInformation> => {
        const platform = PlatformUrl.parse(sandbox.url('demo'));
        const { value } = await graph.passwordRequests.request(platform, {
          username: user.name,
          password: user.password,
        });
        const identity = { userName: user.name, ...(user.sub !== undefined && { sub: user.sub }) };
        return (await graph.store.signIn(platform, identity, value, savedPassword(user.password))).account;
      };
      let first: vscode.AuthenticationSessionAccountInformation;
      let second: vscode.AuthenticationSessionAccountInformation;

      beforeEach(async () => {
        graph.staySignedIn = true;
        first = await keepWithPassword(maxPower);
        second = await keepWithPassword(juergen);
        graph.clock.advance(26 * 3_600_000);
        sandbox.clearRequests();
      });

      it('returns both sessions with new tokens from "getSessions"', async () => {
        // The later request is answered last.
        sandbox.fault('POST /demo/auth/v1/token', { kind: 'delay', ms: 50 }, 1);
        const sessions = await graph.provider.getSessions([sandbox.url('demo')], {});
        assert.deepEqual(sessions.map(({ account }) => account.label).sort(), [first.label, second.label].sort());
        const live = new Map(
          sandbox
            .tokens()
            .filter(({ active }) => active)
            .map(({ value, user }) => [value, user]),
        );
        for (const { accessToken, account } of sessions)
          assert.ok(account.label.startsWith(live.get(accessToken) ?? '?'));
      });

      it('returns only the session of the requested account from "getSessions"', async () => {
        const [session, ...others] = await graph.provider.getSessions([sandbox.url('demo')], { account: second });
        assert.deepEqual([session?.account.id, others.length], [second.id, 0]);
      });

      it('rejects "getSessions" instead of returning one session if the other session cannot be renewed', async () => {
        sandbox.fault('POST /demo/auth/v1/token', { kind: 'status', status: 503 }, 1);
        await assert.rejects(graph.provider.getSessions([sandbox.url('demo')], {}), /could not be renewed yet/);
      });
    });

    it('answers "getSessions" from memory without a request', async () => {
      await graph.signInAt(sandbox.url('demo'), maxPower);
      sandbox.clearRequests();
      for (const scopes of [
        undefined,
        [],
        ['demo'],
        [sandbox.url('demo')],
        ['acme'],
        ['other'],
        ['https://127.0.0.1/none'],
      ])
        await graph.provider.getSessions(scopes, {});
      await vscode.authentication.getAccounts('zeyos-test');
      await vscode.authentication.getSession('zeyos-test', [sandbox.url('demo')], { silent: true });
      assert.equal(sandbox.requests.length, 0);
    });

    it('removes the session and revokes its token in "removeSession"', async () => {
      const { id, account } = await graph.signInAt(sandbox.url('demo'), maxPower);
      graph.takeEvents();
      await graph.provider.removeSession(id);
      assert.deepEqual([await found(), graph.takeEvents()], [[], [`removed ${account.label}`]]);
      await until(() => graph.account(id).pendingRevocations.length === 0);
      assert.deepEqual(
        sandbox.tokens().map(({ active }) => active),
        [false],
      );
    });

    it('does nothing in "removeSession" for an unknown session', async () => {
      await graph.provider.removeSession('no such session');
      assert.deepEqual(graph.takeEvents(), []);
    });

    const faults: readonly [string, Fault][] = [
      ['never answers', { kind: 'hang' }],
      ['cuts the connection', { kind: 'reset' }],
      ['reports a server error', { kind: 'status', status: 503 }],
      ['is behind a proxy that answers with a web page', { kind: 'html', status: 200 }],
    ];
    for (const [what, fault] of faults) {
      it(`removes the session in "removeSession" and revokes its token later if the server ${what}`, async () => {
        if (fault.kind === 'hang') await turnTime();
        const { id, account } = await graph.signInAt(sandbox.url('demo'), maxPower);
        graph.takeEvents();
        sandbox.fault('revoke', fault);
        await graph.provider.removeSession(id);
        assert.deepEqual([await found(), graph.takeEvents()], [[], [`removed ${account.label}`]]);
        const isPending = until(() => graph.log.text.includes('is still pending'));
        // Ends the time-outs and the waits between tries.
        await (fault.kind === 'hang' ? graph.clock.run(isPending) : isPending);
        assert.equal(graph.account(id).pendingRevocations.length, 1);
        sandbox.clearFaults();
        await graph.revocations.settle();
        assert.equal(graph.account(id).pendingRevocations.length, 0);
        assert.deepEqual(
          sandbox.tokens().map(({ active }) => active),
          [false],
        );
      });
    }

    it('revokes the token of a removed session a minute after a failure, without a call', async () => {
      const { id } = await graph.signInAt(sandbox.url('demo'), maxPower);
      const lift = sandbox.fault('revoke', { kind: 'reset' });
      const start = graph.clock.now();
      await graph.provider.removeSession(id);
      await until(() => graph.clock.due.includes(start + 60_000));
      lift();
      sandbox.clearRequests();
      graph.clock.advanceTo(start + 60_000 - 1);
      assert.deepEqual([sandbox.requests.length, graph.account(id).pendingRevocations.length], [0, 1]);
      graph.clock.advanceTo(start + 60_000);
      await until(() => graph.account(id).pendingRevocations.length === 0);
      assert.deepEqual(
        sandbox.requests.map(({ path }) => path),
        ['/demo/auth/v1/token/revoke'],
      );
      assert.deepEqual(
        sandbox.tokens().map(({ active }) => active),
        [false],
      );
    });

    it('removes the session in "removeSession" and revokes its token later if the server is down', async () => {
      const { id } = await graph.signInAt(sandbox.url('demo'), maxPower);
      const port = Number(new URL(sandbox.origin).port);
      await sandbox.stop();
      await graph.provider.removeSession(id);
      await until(() => graph.log.text.includes('is still pending'));
      sandbox = await startServer({ port });
      await graph.revocations.settle();
      assert.equal(graph.account(id).pendingRevocations.length, 0);
      assert.equal(sandbox.requests.length, 1);
    });
  });
});
