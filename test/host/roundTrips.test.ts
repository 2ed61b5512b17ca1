import * as assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { logInAt } from '../support/browserLogin';
import { freePort } from '../support/freePort';
import { hans, maxPower, vscodeApplication } from '../support/sandbox/fixtures';
import { OAuth2Client } from '../support/sandbox/oauth2Client';
import type { Sandbox } from '../support/sandbox/sandbox';
import { SandboxClient } from '../support/sandboxClient';
import { configure, extension, signIn, signOut } from './support/extension';
import { Graph } from './support/graph';
import { Person } from './support/person';
import { startServer } from './support/server';
import { until } from './support/until';
import { Vault } from './support/vault';
import { shownDocument } from './support/shownDocument';

/** On a slow network each of them is felt: none may be there that the protocol does not need. */
describe('The round trips to ZeyOS', () => {
  let sandbox: Sandbox;
  let person: Person;
  let demo: string;
  let legacy: string;
  let redirectPort: number;

  before(async () => {
    await extension().activate();
    // What is asked by itself, as when the window gets the focus, is not to be counted.
    await configure('checkIntervalMinutes', 0);
    sandbox = await startServer();
    demo = sandbox.url('demo');
    legacy = sandbox.url('legacy');
    redirectPort = await freePort();
    person = new Person();
    person.reply = ({ buttons }) => buttons[0];
  });

  after(async () => {
    person.leave();
    await configure('instances', undefined);
    await configure('checkIntervalMinutes', undefined);
    await sandbox.stop();
  });

  /** What the extension asked; what a browser asks is not its business. */
  const asked = (): readonly string[] =>
    sandbox.requests
      .filter(({ path }) => !['/demo/oauth2/v1/authorize', '/demo/login'].includes(path))
      .map(({ method, path }) => `${method} ${path}`);

  /** Has an operation ask for exactly this, some of it after it has resolved, and in any order there. Resolves to what it returned. */
  async function asks<T>(expected: readonly string[], operation: () => PromiseLike<T>): Promise<T> {
    sandbox.clearRequests();
    const result = await operation();
    const isEnough = (): boolean => asked().length >= expected.length;
    for (const end = Date.now() + 5_000; !isEnough() && Date.now() < end;) await delay(20);
    for (let count = -1; count !== sandbox.requests.length; await delay(200)) count = sandbox.requests.length;
    assert.deepEqual([...asked()].sort(), [...expected].sort());
    return result;
  }

  const run = (command: string, argument: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand(command, argument);

  /** Where another extension that has the session would know its id from the session itself. */
  async function sessionId(): Promise<string> {
    const uri = (await shownDocument())?.uri;
    assert.equal(uri?.scheme, 'zeyos-introspection');
    return uri.query;
  }

  const report = async (id: string): Promise<boolean> => extension().exports.reportRefused(id);

  describe('of a password’s session', () => {
    const [token, introspect, revoke] = [
      'POST /demo/auth/v1/token',
      'POST /demo/auth/v1/token/introspect',
      'POST /demo/auth/v1/token/revoke',
    ] as const;
    const max = () => ({ instance: demo, account: maxPower.name });

    before(() => configure('instances', [{ url: demo, signIn: 'password' }]));
    after(() => signOut(person, demo));

    it('sign-in: the token, and whose it is', () => asks([token, introspect], () => signIn(person, demo, maxPower)));
    it('another sign-in to the same account: the token that it replaces besides', () =>
      asks([token, introspect, revoke], () => signIn(person, demo, maxPower)));
    it('being asked for, or looked for, by another extension: none', async () => {
      await asks([], () => vscode.authentication.getSession('zeyos', [demo], { silent: true }));
      await asks([], () => vscode.authentication.getAccounts('zeyos'));
    });
    it('introspection: one', () => asks([introspect], () => run('zeyos.introspectToken', max())));
    it('a refusal that is reported: one, and none while the verdict counts', async () => {
      const id = await sessionId();
      assert.equal(await asks([introspect], () => report(id)), true);
      assert.equal(await asks([], () => report(id)), true);
    });
    it('renewal, for which the password is asked again: as of another sign-in', async () => {
      const renewed = asks([token, introspect, revoke], () => run('zeyos.renewToken', max()));
      await person.type(maxPower.password);
      await renewed;
    });
    it('revocation: that, and the proof', async () =>
      assert.equal(await asks([revoke, introspect], () => run('zeyos.revokeToken', max())), true));
    it('sign-out after that: none', () => asks([], () => run('zeyos.signOut', max())));
    it('sign-out: one', async () => {
      await signIn(person, demo, maxPower);
      assert.equal(await asks([revoke], () => run('zeyos.signOut', max())), 1);
    });
  });

  describe('of a browser’s session', () => {
    const [token, introspect, revoke] = [
      'POST /demo/oauth2/v1/token',
      'POST /demo/oauth2/v1/introspect',
      'POST /demo/oauth2/v1/revoke',
    ] as const;
    const userInfo = 'GET /demo/oauth2/v1/userinfo';

    before(() =>
      configure('instances', [{ url: demo, signIn: 'browser', clientId: vscodeApplication.client_id, redirectPort }]),
    );
    after(() => signOut(person, demo));

    /** Enters the application's secret where it is asked for, and logs in as the browser would. */
    async function signInByBrowser(secret?: string): Promise<void> {
      const opened = person.opened.length;
      const result = run('zeyos.signIn', { instance: demo });
      if (secret !== undefined) await person.type(secret);
      const url = await until(() => person.opened[opened]);
      await fetch(await logInAt(url, maxPower));
      assert.ok(await result);
    }

    it('sign-in: the tokens, and whose they are, with the claims', () =>
      asks([token, introspect, userInfo], () => signInByBrowser(vscodeApplication.client_secret)));
    it('another sign-in to the same account: the tokens that they replace besides, once both are known to be good', () =>
      asks([token, introspect, userInfo, introspect, introspect, revoke], () => signInByBrowser()));
    it('being looked for by another extension: none', async () => {
      await asks([], () => vscode.authentication.getSession('zeyos', [demo], { silent: true }));
    });
    it('introspection: that, and the claims', () =>
      asks([introspect, userInfo], () => run('zeyos.introspectToken', { instance: demo })));
    it('a refusal that is reported, for which the claims are no matter: one', async () =>
      assert.equal(await asks([introspect], async () => report(await sessionId())), true));
    it('renewal: one', () => asks([token], () => run('zeyos.renewToken', { instance: demo })));
    it('revocation: that, of both tokens at once, and the proof', async () =>
      assert.equal(await asks([revoke, introspect], () => run('zeyos.revokeToken', { instance: demo })), true));
    it('sign-out: one', async () => {
      await run('zeyos.signOut', { instance: demo });
      await signInByBrowser();
      assert.equal(await asks([revoke], () => run('zeyos.signOut', { instance: demo })), 1);
    });
  });

  describe('of a legacy login’s session', () => {
    const [login, introspect, logout] = [
      'POST /legacy/auth/v1/login',
      'GET /legacy/auth/v1/',
      'GET /legacy/auth/v1/logout',
    ] as const;

    before(() => configure('instances', [{ url: legacy, signIn: 'password' }]));
    after(() => signOut(person, legacy));

    it('the first sign-in: one in vain, the login, and whose it is', () =>
      asks(['POST /legacy/auth/v1/token', login, introspect], () => signIn(person, legacy, hans)));
    it('another sign-in, where it is known by then: the token that it replaces besides', () =>
      asks([login, introspect, logout], () => signIn(person, legacy, hans)));
    it('introspection: one', () => asks([introspect], () => run('zeyos.introspectToken', { instance: legacy })));
    it('a refusal that is reported: the same', async () =>
      assert.equal(await asks([introspect], async () => report(await sessionId())), true));
    it('revocation: that, and the proof', async () =>
      assert.equal(await asks([logout, introspect], () => run('zeyos.revokeToken', { instance: legacy })), true));
    it('sign-out: one', async () => {
      await run('zeyos.signOut', { instance: legacy });
      await signIn(person, legacy, hans);
      assert.equal(await asks([logout], () => run('zeyos.signOut', { instance: legacy })), 1);
    });
  });

  describe('of a token that is pasted', () => {
    let vault: Vault;
    let graph: Graph;

    before(async () => {
      vault = await Vault.open();
    });

    beforeEach(async () => {
      await configure('instances', [
        { url: demo, signIn: 'token' },
        { url: legacy, signIn: 'token' },
      ]);
      graph = await Graph.open(vault);
    });

    afterEach(async () => {
      sandbox.instance('demo').surfaces = new Set(['authV1', 'oauth2']);
      graph.close();
      await vault.empty();
    });

    const paste = async (instance: string, token: string): Promise<void> => {
      const session = graph.provider.createSession([instance], {});
      await person.type(token);
      assert.equal((await session).accessToken, token);
    };

    it('where there is the Auth API: one, which tells whose it is as well', async () => {
      const token = await new SandboxClient(sandbox).issued();
      await asks(['POST /demo/auth/v1/token/introspect'], () => paste(demo, token));
    });

    it('where there is only OAuth 2.0: one in vain before that', async () => {
      const { access_token } = await new OAuth2Client(sandbox).issued();
      sandbox.instance('demo').surfaces = new Set(['oauth2']);
      await asks(['POST /demo/auth/v1/token/introspect', 'GET /demo/oauth2/v1/userinfo'], () =>
        paste(demo, access_token),
      );
    });

    it('where there is only the legacy login: two in vain before that', async () => {
      const { token } = (await (
        await fetch(`${legacy}/auth/v1/login`, {
          method: 'POST',
          body: new URLSearchParams({ name: hans.name, password: hans.password, identifier: 'elsewhere' }),
        })
      ).json()) as { token: string };
      await asks(
        ['POST /legacy/auth/v1/token/introspect', 'GET /legacy/oauth2/v1/userinfo', 'GET /legacy/auth/v1/'],
        () => paste(legacy, token),
      );
    });
  });

  describe('of an instance that is added', () => {
    beforeEach(() => configure('instances', undefined));

    it('one', async () => {
      assert.ok(
        await asks(['POST /acme/auth/v1/token'], () => run('zeyos.addInstance', { instance: sandbox.url('acme') })),
      );
    });

    it('where there is only the legacy login: one in vain before that', async () => {
      assert.ok(
        await asks(['POST /legacy/auth/v1/token', 'GET /legacy/auth/v1/'], () =>
          run('zeyos.addInstance', { instance: legacy }),
        ),
      );
    });
  });

  describe('on a slow network that loses some', () => {
    const cases = [
      {
        what: 'the Auth API',
        user: maxPower,
        name: 'demo',
        issue: /\/token$/,
        introspect: /\/introspect$/,
        revoke: /\/revoke$/,
      },
      {
        what: 'the legacy login',
        user: hans,
        name: 'legacy',
        issue: /\/login$/,
        introspect: /\/auth\/v1\/$/,
        revoke: /\/logout$/,
      },
    ] as const;

    beforeEach(async () => {
      await configure(
        'instances',
        [demo, legacy].map((url) => ({ url, signIn: 'password' })),
      );
      sandbox.revokeAll();
      sandbox.clearRequests();
      sandbox.fault('/', { kind: 'delay', ms: 300 });
    });

    afterEach(() => sandbox.clearFaults());

    for (const { what, user, name, issue, introspect, revoke } of cases) {
      it(`of ${what}: all goes well, and only what does no harm is asked twice`, async () => {
        const instance = sandbox.url(name);
        const count = (where: RegExp): number => asked().filter((line) => where.test(line)).length;
        /** Cuts the first connection for this. */
        const losing = async (where: RegExp, operation: () => PromiseLike<unknown>): Promise<unknown> => {
          sandbox.clearRequests();
          sandbox.fault(where, { kind: 'reset' }, 1);
          const result = await operation();
          assert.ok(count(where) >= 2, `${String(where)} was asked once more`);
          return result;
        };
        const active = () => sandbox.tokens().filter((token) => token.instance === name && token.active);

        assert.ok(await losing(introspect, () => signIn(person, instance, user)));
        assert.deepEqual([count(issue), active().length], [1, 1]);
        assert.equal(
          ((await losing(introspect, () => run('zeyos.introspectToken', { instance }))) as { active: boolean }).active,
          true,
        );
        assert.equal(
          await losing(revoke, () => losing(introspect, () => run('zeyos.revokeToken', { instance }))),
          true,
        );
        assert.deepEqual(active(), []);
        await run('zeyos.signOut', { instance });
      });
    }

    it('of a sign-in whose token is lost on its way: it fails, and is not tried again by itself', async () => {
      sandbox.fault('POST /demo/auth/v1/token', { kind: 'lostAnswer', how: 'reset' }, 1);
      const result = run('zeyos.signIn', { instance: demo, account: maxPower.name });
      assert.match((await person.type(maxPower.password)) ?? '', /cannot be reached/);
      assert.deepEqual(asked(), ['POST /demo/auth/v1/token']);
      await person.dismiss();
      assert.equal(await result, undefined);
    });
  });
});
