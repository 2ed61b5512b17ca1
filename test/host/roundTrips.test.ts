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

/** A user feels each request on a slow network, so none may be unnecessary. */
describe('Requests to ZeyOS', () => {
  let sandbox: Sandbox;
  let person: Person;
  let demo: string;
  let legacy: string;
  let redirectPort: number;

  before(async () => {
    await extension().activate();
    // Automatic introspections, for instance when the window gets the focus, must not be counted.
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

  /** The requests of the extension, without those of the browser. */
  const asked = (): readonly string[] =>
    sandbox.requests
      .filter(({ path }) => !['/demo/oauth2/v1/authorize', '/demo/login'].includes(path))
      .map(({ method, path }) => `${method} ${path}`);

  /**
   * Asserts that an operation sends exactly these requests in any order, some of them after it has resolved. Resolves
   * to its result.
   */
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

  /** Returns the session id from the introspection document. Another extension would know it from the session. */
  async function sessionId(): Promise<string> {
    const uri = (await shownDocument())?.uri;
    assert.equal(uri?.scheme, 'zeyos-introspection');
    return uri.query;
  }

  const report = async (id: string): Promise<boolean> => extension().exports.reportRefused(id);

  describe('for a password session:', () => {
    const [token, introspect, revoke] = [
      'POST /demo/auth/v1/token',
      'POST /demo/auth/v1/token/introspect',
      'POST /demo/auth/v1/token/revoke',
    ] as const;
    const max = () => ({ instance: demo, account: maxPower.name });

    before(() => configure('instances', [{ url: demo, signIn: 'password' }]));
    after(() => signOut(person, demo));

    it('signing in sends the token request and an introspection', () =>
      asks([token, introspect], () => signIn(person, demo, maxPower)));
    it('signing in again also revokes the replaced token', () =>
      asks([token, introspect, revoke], () => signIn(person, demo, maxPower)));
    it('"getSession" and "getAccounts" send no request', async () => {
      await asks([], () => vscode.authentication.getSession('zeyos', [demo], { silent: true }));
      await asks([], () => vscode.authentication.getAccounts('zeyos'));
    });
    it('introspecting sends one request', () => asks([introspect], () => run('zeyos.introspectToken', max())));
    it('"reportRefused" sends one request, and none within a minute after that', async () => {
      const id = await sessionId();
      assert.equal(await asks([introspect], () => report(id)), true);
      assert.equal(await asks([], () => report(id)), true);
    });
    it('renewing with the password sends the same as signing in again', async () => {
      const renewed = asks([token, introspect, revoke], () => run('zeyos.renewToken', max()));
      await person.type(maxPower.password);
      await renewed;
    });
    it('revoking sends the revocation and an introspection', async () =>
      assert.equal(await asks([revoke, introspect], () => run('zeyos.revokeToken', max())), true));
    it('signing out after revoking sends no request', () => asks([], () => run('zeyos.signOut', max())));
    it('signing out sends one request', async () => {
      await signIn(person, demo, maxPower);
      assert.equal(await asks([revoke], () => run('zeyos.signOut', max())), 1);
    });
  });

  describe('for a browser session:', () => {
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

    /** Enters the client secret if asked for it, and logs in as the browser would. */
    async function signInByBrowser(secret?: string): Promise<void> {
      const opened = person.opened.length;
      const result = run('zeyos.signIn', { instance: demo });
      if (secret !== undefined) await person.type(secret);
      const url = await until(() => person.opened[opened]);
      await fetch(await logInAt(url, maxPower));
      assert.ok(await result);
    }

    it('signing in sends the token request, an introspection and a user information request', () =>
      asks([token, introspect, userInfo], () => signInByBrowser(vscodeApplication.client_secret)));
    it('signing in again also introspects both token sets and revokes the replaced one', () =>
      asks([token, introspect, userInfo, introspect, introspect, revoke], () => signInByBrowser()));
    it('"getSession" sends no request', async () => {
      await asks([], () => vscode.authentication.getSession('zeyos', [demo], { silent: true }));
    });
    it('introspecting sends an introspection and a user information request', () =>
      asks([introspect, userInfo], () => run('zeyos.introspectToken', { instance: demo })));
    it('"reportRefused" sends one request, without user information', async () =>
      assert.equal(await asks([introspect], async () => report(await sessionId())), true));
    it('renewing sends one request', () => asks([token], () => run('zeyos.renewToken', { instance: demo })));
    it('revoking sends one revocation for both tokens and an introspection', async () =>
      assert.equal(await asks([revoke, introspect], () => run('zeyos.revokeToken', { instance: demo })), true));
    it('signing out sends one request', async () => {
      await run('zeyos.signOut', { instance: demo });
      await signInByBrowser();
      assert.equal(await asks([revoke], () => run('zeyos.signOut', { instance: demo })), 1);
    });
  });

  describe('for a legacy session:', () => {
    const [login, introspect, logout] = [
      'POST /legacy/auth/v1/login',
      'GET /legacy/auth/v1/',
      'GET /legacy/auth/v1/logout',
    ] as const;

    before(() => configure('instances', [{ url: legacy, signIn: 'password' }]));
    after(() => signOut(person, legacy));

    it('the first sign-in tries Auth API v1, logs in and introspects', () =>
      asks(['POST /legacy/auth/v1/token', login, introspect], () => signIn(person, legacy, hans)));
    it('signing in again sends the login, an introspection and a logout of the replaced token', () =>
      asks([login, introspect, logout], () => signIn(person, legacy, hans)));
    it('introspecting sends one request', () =>
      asks([introspect], () => run('zeyos.introspectToken', { instance: legacy })));
    it('"reportRefused" sends one request', async () =>
      assert.equal(await asks([introspect], async () => report(await sessionId())), true));
    it('revoking sends the logout and an introspection', async () =>
      assert.equal(await asks([logout, introspect], () => run('zeyos.revokeToken', { instance: legacy })), true));
    it('signing out sends one request', async () => {
      await run('zeyos.signOut', { instance: legacy });
      await signIn(person, legacy, hans);
      assert.equal(await asks([logout], () => run('zeyos.signOut', { instance: legacy })), 1);
    });
  });

  describe('for a pasted token', () => {
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
      sandbox.instance('demo').apis = new Set(['authV1', 'oauth2']);
      graph.close();
      await vault.empty();
    });

    const paste = async (instance: string, token: string): Promise<void> => {
      const session = graph.provider.createSession([instance], {});
      await person.type(token);
      assert.equal((await session).accessToken, token);
    };

    it('are one introspection if Auth API v1 is offered', async () => {
      const token = await new SandboxClient(sandbox).issued();
      await asks(['POST /demo/auth/v1/token/introspect'], () => paste(demo, token));
    });

    it('are two if only OAuth 2.0 is offered', async () => {
      const { access_token } = await new OAuth2Client(sandbox).issued();
      sandbox.instance('demo').apis = new Set(['oauth2']);
      await asks(['POST /demo/auth/v1/token/introspect', 'GET /demo/oauth2/v1/userinfo'], () =>
        paste(demo, access_token),
      );
    });

    it('are three if only the legacy login is offered', async () => {
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

  describe('for the check of an instance before it is added', () => {
    beforeEach(() => configure('instances', undefined));

    it('are one if Auth API v1 is offered', async () => {
      assert.ok(
        await asks(['POST /acme/auth/v1/token'], () => run('zeyos.addInstance', { instance: sandbox.url('acme') })),
      );
    });

    it('are two if only the legacy login is offered', async () => {
      assert.ok(
        await asks(['POST /legacy/auth/v1/token', 'GET /legacy/auth/v1/'], () =>
          run('zeyos.addInstance', { instance: legacy }),
        ),
      );
    });
  });

  describe('on a network that loses connections', () => {
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
      it(`to ${what} are repeated only if that is harmless, and all operations succeed`, async () => {
        const instance = sandbox.url(name);
        const count = (where: RegExp): number => asked().filter((line) => where.test(line)).length;
        /** Resets the first connection of a matching request. */
        const losing = async (where: RegExp, operation: () => PromiseLike<unknown>): Promise<unknown> => {
          sandbox.clearRequests();
          sandbox.fault(where, { kind: 'reset' }, 1);
          const result = await operation();
          assert.ok(count(where) >= 2, `${String(where)} must be repeated`);
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

    it('of a sign-in whose token answer is lost are not repeated, and the sign-in fails', async () => {
      sandbox.fault('POST /demo/auth/v1/token', { kind: 'lostAnswer', how: 'reset' }, 1);
      const result = run('zeyos.signIn', { instance: demo, account: maxPower.name });
      assert.match((await person.type(maxPower.password)) ?? '', /cannot be reached/);
      assert.deepEqual(asked(), ['POST /demo/auth/v1/token']);
      await person.dismiss();
      assert.equal(await result, undefined);
    });
  });
});
