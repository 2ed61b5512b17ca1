import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ended, expiryLearnt } from '../../../src/session/model/transitions';
import { InstanceFailure } from '../../../src/dialog/failure';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { AlarmTimers } from '../../support/alarmTimers';
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

/** Whose sessions a graph's provider finds, in order. */
async function labelsFound(
  { provider }: Graph,
  scopes?: readonly string[],
  account?: vscode.AuthenticationSessionAccountInformation,
): Promise<readonly string[]> {
  const sessions = await provider.getSessions(scopes, account ? { account } : {});
  return sessions.map((session) => session.account.label);
}

describe('The provider, asked for sessions', () => {
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
    ['a platform URL in other letters and with its default port', ['HTTPS://Cloud.ZeyOS.com:443/acme'], [maxOnAcme]],
    ['a platform URL with blanks around it', [` ${cloud.acme} `], [maxOnAcme]],
    ['the same platform URL twice', [cloud.acme, `${cloud.acme}/`], [maxOnAcme]],
    ['a bare name', ['acme'], [maxOnAcme]],
    ['a bare name and its platform URL', ['acme', cloud.acme], [maxOnAcme]],
    ['a bare name that several instances have', ['demo'], []],
    ['several instances', [cloud.demo, cloud.acme], []],
    ['several instances, one by its name', [cloud.demo, 'acme'], []],
    ['an instance that is not configured', ['https://cloud.zeyos.com/unknown'], []],
    ['an instance that nobody is signed in to', [cloud.shop], []],
    ['a path in other letters, which is another instance', ['https://cloud.zeyos.com/ACME'], []],
    ['a URL that names no instance', ['https://cloud.zeyos.com'], []],
    ['a URL with user info', ['https://max@cloud.zeyos.com/acme'], []],
    ['a URL with a query', [`${cloud.acme}?x=1`], []],
    ['plain http', ['http://cloud.zeyos.com/acme'], []],
    ['a broken URL', ['https:cloud.zeyos.com/acme'], []],
    ['labels that name nothing', ['email', 'offline access'], [maxOnDemo, maxOnAcme]],
    ['a label and a bare name', ['email', 'acme'], [maxOnAcme]],
    ['an empty scope', [''], [maxOnDemo, maxOnAcme]],
  ];
  for (const [what, scopes, labels] of table)
    it(`with ${what}: finds ${labels.length}`, async () => assert.deepEqual(await found(scopes), labels));

  it('returns the scopes as they were asked for, in their order', async () => {
    const scopes = ['zebra', `${cloud.acme}/`, 'alpha', 'zebra'];
    const [session] = await graph.provider.getSessions(scopes, {});
    assert.deepEqual(session?.scopes, scopes);
  });

  it('returns the canonical URL where no scopes were asked for', async () => {
    const sessions = await graph.provider.getSessions(undefined, {});
    assert.deepEqual(
      sessions.map(({ scopes }) => scopes),
      [[cloud.demo], [cloud.acme]],
    );
  });

  it('filters by the id of an account', async () =>
    assert.deepEqual(await found(undefined, { id: `${cloud.acme}#7`, label: 'another label' }), [maxOnAcme]));

  it('does not take an equal label for the account', async () =>
    assert.deepEqual(await found(undefined, { id: `${cloud.acme}#8`, label: maxOnAcme }), []));

  it('finds nothing for an account of another instance than the scopes name', async () =>
    assert.deepEqual(await found([cloud.demo], { id: `${cloud.acme}#7`, label: maxOnAcme }), []));

  it('gives a session an id that tells nothing, and an account id and label that tell where it is from', async () => {
    const [session] = await graph.provider.getSessions([cloud.acme], {});
    assert.match(session?.id ?? '', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.deepEqual(session?.account, { id: `${cloud.acme}#7`, label: maxOnAcme });
  });

  it('hands out nothing that its caller could change', async () => {
    const [session] = await graph.provider.getSessions([cloud.acme], {});
    assert.ok(session);
    (session.scopes as string[]).push('more');
    Object.assign(session.account, { label: 'changed' });
    const [again] = await graph.provider.getSessions([cloud.acme], {});
    assert.deepEqual([again?.scopes, again?.account.label], [[cloud.acme], maxOnAcme]);
  });

  it('says nothing, shows nothing and changes nothing', async () => {
    graph.takeEvents();
    for (const [, scopes] of table) await graph.provider.getSessions(scopes, {});
    assert.deepEqual([graph.takeEvents(), person.messages, person.prompt], [[], [], undefined]);
  });

  it('is known to the editor by its accounts', async () => {
    const accounts = await until(async () => {
      const known = await vscode.authentication.getAccounts('zeyos-test');
      return known.length === 2 && known;
    });
    assert.deepEqual(accounts.map(({ id, label }) => [id, label]).sort(), [
      [`${cloud.acme}#7`, maxOnAcme],
      [`${cloud.demo}#7`, maxOnDemo],
    ]);
  });

  it('is not handed to an extension that the user has not let in', async () => {
    assert.equal(await vscode.authentication.getSession('zeyos-test', [cloud.acme], { silent: true }), undefined);
  });
});

describe('The provider', () => {
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

  describe('that has several to choose from', () => {
    beforeEach(async () => {
      await graph.keep(cloud.acme, max);
      await graph.keep(cloud.demo, max);
      graph.clock.advance(1);
      await graph.keep(cloud.demo, anna);
    });

    it('puts the active instance first, and on it the account signed in to last', async () => {
      assert.deepEqual(await found(), [annaOnDemo, maxOnDemo, maxOnAcme]);
      const instance = graph.instances.find(cloud.acme);
      assert.ok(instance);
      await graph.instances.activate(instance);
      assert.equal((await found())[0], maxOnAcme);
    });

    it('puts the account that was chosen first', async () => {
      const instance = graph.instances.find(cloud.demo);
      const chosen = graph.store.accounts.find(({ account }) => account.label === maxOnDemo);
      assert.ok(instance && chosen);
      await graph.instances.activate(instance, chosen.id);
      assert.deepEqual(await found(), [maxOnDemo, annaOnDemo, maxOnAcme]);
    });
  });

  describe('whose tokens end', () => {
    it('does not hand out a token of which less than a minute is left, and says so once', async () => {
      await graph.keep(cloud.demo, max, 3_630_000);
      graph.takeEvents();
      graph.clock.advance(3_570_000 - 1);
      assert.deepEqual(await found(), [maxOnDemo]);
      graph.clock.advance(1);
      assert.deepEqual(await found(), []);
      assert.deepEqual(await found(), []);
      assert.deepEqual(graph.takeEvents(), [`removed ${maxOnDemo}`]);
    });

    it('hands out a token that lives for less than a minute for nine tenths of it', async () => {
      await graph.keep(cloud.demo, max, 50_000);
      graph.clock.advance(45_000 - 1);
      assert.deepEqual(await found(), [maxOnDemo]);
      graph.clock.advance(1);
      assert.deepEqual(await found(), []);
    });

    it('says so by itself when the time has come', async () => {
      graph.close();
      let ahead = 0;
      graph = await Graph.open(vault, { registered: true, now: () => Date.now() + ahead });
      const now = Date.now();
      await graph.store.signIn(
        graph.instances.active?.platform ?? assert.fail(),
        { userName: 'max.power' },
        { surface: 'authV1', accessToken: { value: 'a'.repeat(40), issuedAt: now, expiresAt: now + 3_600_000 } },
      );
      graph.takeEvents();
      ahead = 3_540_000 - 500 - (Date.now() - now);
      await found();
      assert.deepEqual(await until(() => graph.events.length > 0 && graph.takeEvents()), [`removed ${maxOnDemo}`]);
    });

    it('does not hand out a token that the server ended', async () => {
      const stored = await graph.keep(cloud.demo, max);
      graph.takeEvents();
      await graph.store.update(stored.id, ended(stored.session?.accessToken?.value ?? '', 'revoked'));
      assert.deepEqual([await found(), graph.takeEvents()], [[], [`removed ${maxOnDemo}`]]);
    });
  });

  describe('when something changes', () => {
    it('tells that a session was added, and the editor tells everybody', async () => {
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

    it('tells that a session was removed', async () => {
      const { id } = await graph.keep(cloud.demo, max);
      graph.takeEvents();
      await graph.store.signOut(id);
      assert.deepEqual(graph.takeEvents(), [`removed ${maxOnDemo}`]);
    });

    it('tells that a session was changed when another window renewed its token, and keeps its id', async () => {
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

    it('tells of no change when only an expiry was learned', async () => {
      const stored = await graph.store.signIn(
        graph.instances.active?.platform ?? assert.fail(),
        { userName: 'max.power' },
        { surface: 'authV1', accessToken: { value: 'a'.repeat(40), issuedAt: graph.clock.now() } },
      );
      graph.takeEvents();
      await graph.store.update(stored.id, expiryLearnt('a'.repeat(40), graph.clock.now() + 3_630_000));
      assert.deepEqual(
        [graph.account(stored.id).session?.accessToken?.expiresAt, graph.takeEvents()],
        [graph.clock.now() + 3_630_000, []],
      );
    });

    it('keeps the id and the label over a sign-in to the same account, and tells that it was added', async () => {
      const first = await graph.keep(cloud.demo, max);
      graph.takeEvents();
      graph.clock.advance(1_000);
      const second = await graph.keep(cloud.demo, max);
      assert.deepEqual([second.id, second.account], [first.id, first.account]);
      assert.deepEqual(graph.takeEvents(), [`added ${maxOnDemo}`]);
    });

    it('keeps the id over a sign-out as well', async () => {
      const first = await graph.keep(cloud.demo, max);
      await graph.store.signOut(first.id);
      graph.clock.advance(1_000);
      assert.equal((await graph.keep(cloud.demo, max)).id, first.id);
    });

    it('hides the sessions of an instance that is taken out of the setting, and brings them back with it', async () => {
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

    it('tells nothing of a session that was there when it started', async () => {
      await graph.keep(cloud.demo, max);
      graph.close();
      graph = await Graph.open(vault);
      assert.deepEqual(await found(), [maxOnDemo]);
      assert.deepEqual(graph.takeEvents(), []);
    });

    it('answers the requests that found nothing, with their own scopes, once', async () => {
      const asked = ['acme', 'tickets'];
      // The same request: the editor compares scopes as sets.
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

  describe('asked to create a session', () => {
    it('is cancelled by Esc', async () => {
      const session = graph.provider.createSession([cloud.acme], {});
      const rejected = assert.rejects(session, cancelled);
      assert.match(await person.dismiss(), /https:\/\/cloud\.zeyos\.com\/acme/);
      await rejected;
      assert.deepEqual([person.messages, graph.takeEvents()], [[], []]);
    });

    it('is cancelled by Esc where the user picks the instance', async () => {
      const rejected = assert.rejects(graph.provider.createSession([], {}), cancelled);
      assert.equal(await person.dismiss(), 'Select an instance');
      await rejected;
    });

    it('is cancelled with the dialog that would add an instance, which names its host', async () => {
      await assert.rejects(graph.provider.createSession(['https://zeyos.example.org/new'], {}), cancelled);
      const [dialog] = person.messages;
      assert.deepEqual([dialog?.isModal, dialog?.buttons], [true, ['Add']]);
      assert.match(dialog?.detail ?? '', /zeyos\.example\.org/);
    });

    const refused: readonly [string, readonly string[], RegExp][] = [
      ['a name that several instances have', ['demo'], /Several ZeyOS instances are named demo/],
      ['several instances', [cloud.demo, cloud.acme], /one at a time/],
      ['a URL that is no platform', ['https://cloud.zeyos.com'], /not the URL of a ZeyOS instance/],
    ];
    for (const [what, scopes, why] of refused) {
      it(`refuses ${what}, and says why`, async () => {
        await assert.rejects(graph.provider.createSession(scopes, {}), why);
        assert.equal(person.prompt, undefined);
      });
    }

    it('refuses an account that it does not know', async () => {
      await assert.rejects(
        graph.provider.createSession([], { account: { id: `${cloud.demo}#99`, label: 'nobody' } }),
        /nobody is not known here/,
      );
    });

    it('refuses an account of another instance than the scopes name', async () => {
      const { account } = await graph.keep(cloud.acme, max);
      await assert.rejects(
        graph.provider.createSession([cloud.demo], { account }),
        /cloud\.zeyos\.com\/acme, not to https:\/\/cloud\.zeyos\.com\/demo/,
      );
    });
  });

  describe('with a server', () => {
    let sandbox: Sandbox;

    beforeEach(async () => {
      sandbox = await startServer();
      await configureInstances(sandbox.url('demo'), sandbox.url('acme'));
    });

    afterEach(() => sandbox.stop());

    it('creates a session, with the scopes it was asked with', async () => {
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

    it('asks only for the password of an account that it is asked for', async () => {
      const { account } = await graph.signInAt(sandbox.url('demo'), juergen);
      const session = graph.provider.createSession([], { account });
      await person.type(juergen.password);
      assert.equal((await session).account.id, account.id);
    });

    it('asks the only instance there is', async () => {
      await configureInstances(sandbox.url('acme'));
      const session = graph.provider.createSession([], {});
      await person.type(acme.users[0].name);
      await person.type(acme.users[0].password);
      assert.equal((await session).account.id, `${sandbox.url('acme')}#12`);
    });

    it('joins a sign-in to the same instance that is under way', async () => {
      const [first, second] = [
        graph.provider.createSession([sandbox.url('demo')], {}),
        graph.provider.createSession(['demo'], {}),
      ];
      await person.type(maxPower.name);
      await person.type(maxPower.password);
      assert.equal((await first).id, (await second).id);
      assert.equal(sandbox.tokens().length, 1);
    });

    describe('when the user takes longer than whoever asks may wait', () => {
      beforeEach(async () => {
        graph.close();
        graph = await Graph.open(vault, { registered: true, deadlineMs: 100 });
      });

      const takesTooLong = (session: Promise<unknown>): Promise<void> =>
        assert.rejects(session, (error: Error) =>
          /Signing in to 127\.0\.0\.1:\d+\/demo is taking longer than two minutes\. It continues/.test(error.message),
        );

      it('rejects, saying that the sign-in goes on, which ends with a session', async () => {
        const rejected = takesTooLong(graph.provider.createSession([sandbox.url('demo')], {}));
        await person.type(maxPower.name);
        await rejected;
        assert.ok(person.prompt, 'the question is still there');
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

      it('lets another request join the sign-in that goes on', async () => {
        await takesTooLong(graph.provider.createSession([sandbox.url('demo')], {}));
        const again = graph.provider.createSession([sandbox.url('demo')], {});
        again.catch(() => undefined);
        await person.type(maxPower.name);
        await person.type(maxPower.password);
        await until(() => graph.events.length > 0);
        assert.equal(sandbox.tokens().length, 1);
        await again.catch(() => undefined);
      });

      it('tells the user of a failure that nobody waits for any more, and nobody of Esc', async () => {
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
        assert.ok(graph.failures.every(cancelled), 'which is shown as nothing');
        assert.deepEqual(await found(), []);
      });

      it('waits no shorter for somebody who is faster', async () => {
        graph.close();
        graph = await Graph.open(vault, { registered: true });
        const session = graph.provider.createSession([sandbox.url('demo')], {});
        await person.type(maxPower.name);
        await person.type(maxPower.password);
        assert.equal((await session).account.id, `${sandbox.url('demo')}#${maxPower.sub}`);
      });
    });

    describe('of an instance that is not configured', () => {
      const shop = (): string => sandbox.url('shop');
      /** Has all but the last question answered with what leads on. */
      const answer = (...wanted: readonly string[]): void => {
        person.reply = ({ buttons }) => buttons.find((button) => wanted.includes(button));
      };

      it('adds it when the user says so, and creates a session of it', async () => {
        answer('Add');
        const session = graph.provider.createSession([shop()], {});
        await person.pick('User Name and Password');
        await person.type('shopkeeper');
        await person.type('open-sesame');
        assert.equal((await session).account.id, `${shop()}#3`);
        assert.ok(graph.instances.find(shop()));
      });

      it('offers no other address where there is no ZeyOS, as a session of another instance would do for nobody', async () => {
        const nowhere = `${sandbox.origin}/nowhere`;
        answer('Add', 'Edit Address');
        await assert.rejects(person.dismissAllUntil(graph.provider.createSession([nowhere], {})), cancelled);
        assert.deepEqual(
          person.messages.map(({ buttons }) => buttons),
          [['Add'], ['Add Anyway']],
        );
        assert.match(person.heard, new RegExp(`${nowhere} could not be checked`));
        assert.equal(graph.instances.find(nowhere), undefined);
      });

      it('adds it all the same when the user insists, and asks for the password of no other', async () => {
        const nowhere = `${sandbox.origin}/nowhere`;
        answer('Add', 'Add Anyway');
        await configureInstances(sandbox.url('demo'));
        const rejected = assert.rejects(graph.provider.createSession([nowhere], {}), cancelled);
        await until(() => graph.instances.find(nowhere));
        const asked = await until(() => person.prompt);
        assert.equal(asked.title, 'Sign in to nowhere');
        await person.dismiss();
        await rejected;
      });
    });

    it('names the instance and the reason when it fails', async () => {
      sandbox.fault('introspect', { kind: 'json', body: { active: false } });
      const rejected = assert.rejects(
        graph.provider.createSession([sandbox.url('demo')], {}),
        (error: Error) => error instanceof InstanceFailure && error.message.includes(new URL(sandbox.url('demo')).host),
      );
      await person.type(maxPower.name);
      await person.type(maxPower.password);
      await rejected;
    });

    it('joins accounts whose names differ only in case into the older one at the next sign-in', async () => {
      const platform = sandbox.url('demo');
      const account = (id: string, userName: string) => ({
        id,
        instance: platform,
        account: { id: `${platform}#${userName}`, label: `${userName} (x/demo)`, userName },
        signedIn: true,
      });
      const [older, newer] = [account('older', 'Max.Power'), account('newer', 'MAX.POWER')];
      await graph.secrets.storeIndex([older, newer]);
      const now = graph.clock.now();
      for (const { id } of [older, newer]) {
        const accessToken = { value: `token-of-${id}`, issuedAt: now, expiresAt: now + 25 * 3_600_000 };
        await graph.secrets.store(id, {
          session: { surface: 'authV1', accessToken, signedInAt: now },
          pendingRevocations: [],
        });
      }
      await graph.store.refresh();
      graph.takeEvents();
      const session = graph.provider.createSession([platform], {});
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
        (await graph.provider.getSessions([platform], {})).map(({ id }) => id),
        ['older'],
      );
      assert.equal(graph.account('newer').session, undefined);
    });

    describe('when the tokens of two accounts have run out', () => {
      const keepWithPassword = async (user: SandboxUser): Promise<vscode.AuthenticationSessionAccountInformation> => {
        const platform = PlatformUrl.parse(sandbox.url('demo'));
        const { value } = await graph.tokens.requestByPassword(platform, {
          username: user.name,
          password: user.password,
        });
        const identity = { userName: user.name, ...(user.sub !== undefined && { sub: user.sub }) };
        return (await graph.store.signIn(platform, identity, { ...value, password: user.password })).account;
      };
      let first: vscode.AuthenticationSessionAccountInformation;
      let second: vscode.AuthenticationSessionAccountInformation;

      beforeEach(async () => {
        first = await keepWithPassword(maxPower);
        second = await keepWithPassword(juergen);
        graph.clock.advance(26 * 3_600_000);
        sandbox.clearRequests();
      });

      it('returns both, each with a new token', async () => {
        // The later one answers last.
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

      it('returns the preferred account alone, and never the token of the other', async () => {
        const [session, ...others] = await graph.provider.getSessions([sandbox.url('demo')], { account: second });
        assert.deepEqual([session?.account.id, others.length], [second.id, 0]);
      });

      it('rejects instead of returning one of the two, if the other cannot be renewed now', async () => {
        sandbox.fault('POST /demo/auth/v1/token', { kind: 'status', status: 503 }, 1);
        await assert.rejects(graph.provider.getSessions([sandbox.url('demo')], {}), /could not be renewed yet/);
      });
    });

    it('answers from memory, without a request', async () => {
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

    it('removes a session, and has its token revoked', async () => {
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

    it('takes the removal of a session that it does not know for done', async () => {
      await graph.provider.removeSession('no such session');
      assert.deepEqual(graph.takeEvents(), []);
    });

    const faults: readonly [string, Fault][] = [
      ['never answers', { kind: 'hang' }],
      ['cuts the connection', { kind: 'reset' }],
      ['is out of order', { kind: 'status', status: 503 }],
      ['is behind a proxy that answers with a page', { kind: 'html', status: 200 }],
    ];
    for (const [what, fault] of faults) {
      it(`removes a session though the server ${what}, and has its token revoked later`, async () => {
        const { id, account } = await graph.signInAt(sandbox.url('demo'), maxPower);
        graph.takeEvents();
        sandbox.fault('revoke', fault);
        await graph.provider.removeSession(id);
        assert.deepEqual([await found(), graph.takeEvents()], [[], [`removed ${account.label}`]]);
        await until(() => graph.log.text.includes('is still pending'));
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

    it('has the token of a removed session revoked by itself, a minute after the server could not be told', async () => {
      const { id } = await graph.signInAt(sandbox.url('demo'), maxPower);
      const lift = sandbox.fault('revoke', { kind: 'reset' });
      const timers = new AlarmTimers(graph.clock);
      try {
        const start = graph.clock.now();
        await graph.provider.removeSession(id);
        await until(() => timers.due.includes(start + 60_000));
        lift();
        sandbox.clearRequests();
        timers.advanceTo(start + 60_000 - 1);
        assert.deepEqual([sandbox.requests.length, graph.account(id).pendingRevocations.length], [0, 1]);
        timers.advanceTo(start + 60_000);
        await until(() => graph.account(id).pendingRevocations.length === 0);
        assert.deepEqual(
          sandbox.requests.map(({ path }) => path),
          ['/demo/auth/v1/token/revoke'],
        );
        assert.deepEqual(
          sandbox.tokens().map(({ active }) => active),
          [false],
        );
      } finally {
        timers.restore();
      }
    });

    it('removes a session though the server is down, and asks again once it is up', async () => {
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
