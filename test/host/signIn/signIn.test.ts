import * as assert from 'node:assert/strict';
import { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ended } from '../../../src/session/model/transitions';
import { logInAt } from '../../support/browserLogin';
import { freePort } from '../../support/freePort';
import { hans, juergen, maxPower, olga, vscodeApplication } from '../../support/sandbox/fixtures';
import type { Sandbox } from '../../support/sandbox/sandbox';
import { configure, extension } from '../support/extension';
import { Graph } from '../support/graph';
import { Person } from '../support/person';
import { replace } from '../support/replace';
import { startServer } from '../support/server';
import { until } from '../support/until';
import { Vault } from '../support/vault';

describe('Signing in', () => {
  let sandbox: Sandbox;
  let person: Person;
  let demo: string;
  let redirectPort: number;
  let vault: Vault;
  let graph: Graph;

  before(async () => {
    await extension().activate();
    redirectPort = await freePort();
    vault = await Vault.open();
  });

  after(() => configure('instances', undefined));

  const open = async (signIn: 'password' | 'browser'): Promise<void> => {
    sandbox = await startServer();
    demo = sandbox.url('demo');
    person = new Person();
    await configure('instances', [{ url: demo, signIn, clientId: vscodeApplication.client_id, redirectPort }]);
    graph = await Graph.open(vault);
  };

  afterEach(async () => {
    await person.dismissAllUntil(delay(0));
    graph.close();
    person.leave();
    await vault.empty();
    await sandbox.stop();
  });

  const instance = () => graph.instances.active ?? assert.fail('there is no instance');
  const input = () => (person.prompt && 'password' in person.prompt ? person.prompt : undefined);
  const problem = (): string | undefined => {
    const shown = input()?.validationMessage;
    return typeof shown === 'object' ? shown.message : shown;
  };
  const alive = () =>
    sandbox
      .tokens()
      .filter(({ active }) => active)
      .map(({ user }) => user);
  const accountWithEndedSession = async (): Promise<vscode.AuthenticationSessionAccountInformation> => {
    const { id, account, session } = await graph.keep(demo, { name: maxPower.name, sub: maxPower.sub });
    await graph.store.update(id, ended(session?.accessToken?.value ?? '', 'revoked'));
    return { id: account.id, label: account.label };
  };
  const outcomeOf = (session: Promise<{ readonly account: { readonly label: string } }>): Promise<string> =>
    session.then(
      ({ account }) => account.label,
      (error: Error) => error.message,
    );

  describe('through the browser', () => {
    beforeEach(() => open('browser'));

    /** Enters the client secret, and resolves to the URL that the browser opens after it. */
    const begin = async (): Promise<string> => {
      const count = person.opened.length;
      await person.type(vscodeApplication.client_secret);
      return until(() => person.opened[count]);
    };

    it('starts again with another state and callback server after the server failed during the exchange', async () => {
      const session = graph.provider.createSession([demo], {});
      const first = await begin();
      sandbox.fault('POST /demo/oauth2/v1/token', { kind: 'status', status: 503 }, 1);
      await fetch(await logInAt(first, maxPower));
      assert.match(await until(problem), /reported a server error \(503\)/);
      assert.equal(input()?.busy, false, 'the prompt must not be busy');
      person.clickButton('Open Browser Again');
      const second = await until(() => person.opened[1]);
      assert.notEqual(new URL(second).searchParams.get('state'), new URL(first).searchParams.get('state'));
      assert.equal((await fetch(await logInAt(second, maxPower))).status, 200);
      assert.equal((await session).account.id, `${demo}#${maxPower.sub}`);
      assert.deepEqual(alive().length, 2);
    });

    it('opens the same URL again if the user asks for it', async () => {
      const session = graph.provider.createSession([demo], {});
      const first = await begin();
      person.clickButton('Open Browser Again');
      assert.equal(await until(() => person.opened[1]), first);
      await fetch(await logInAt(first, maxPower));
      assert.equal((await session).account.id, `${demo}#${maxPower.sub}`);
    });

    it('shows the same page if the browser repeats the redirect, during and after the sign-in, and nothing for a prefetch', async () => {
      const session = graph.provider.createSession([demo], {});
      const address = await logInAt(await begin(), maxPower);
      assert.equal((await fetch(address, { headers: { 'X-Moz': 'prefetch' } })).status, 503);
      const pages = await Promise.all(
        [fetch(address), fetch(address)].map(async (response) => (await response).text()),
      );
      assert.equal((await session).account.id, `${demo}#${maxPower.sub}`);
      const again = await fetch(address);
      assert.deepEqual([again.status, await again.text(), pages[1]], [200, pages[0], pages[0]]);
      assert.match(pages[0] ?? '', /Back to the editor/);
      assert.equal(sandbox.exchanges.length, 1);
      graph.endLingering();
      await until(() =>
        fetch(address).then(
          () => false,
          () => true,
        ),
      );
    });

    it('starts right after another sign-in on the same port, with its own callback server', async () => {
      const first = graph.provider.createSession([demo], {});
      const before = await logInAt(await begin(), maxPower);
      await fetch(before);
      await first;
      const second = graph.signIn.run({ instance: instance(), ignoreKnownAccounts: true });
      const url = await until(() => person.opened[1]);
      assert.match((await until(input)).prompt ?? '', /^Waiting for/);
      assert.equal((await fetch(before)).status, 400);
      assert.equal((await fetch(await logInAt(url, juergen))).status, 200);
      assert.equal((await second).account.userName, juergen.name);
    });

    it('leaves no callback server when the window closes', async () => {
      const session = graph.provider.createSession([demo], {});
      const address = await logInAt(await begin(), maxPower);
      await fetch(address);
      await session;
      await graph.callbackServers.closeAll();
      await assert.rejects(fetch(address));
    });

    describe('with an issuer in the redirect', () => {
      for (const below of ['', '/', '/oauth2/v1']) {
        it(`continues if the issuer is the instance: ${below}`, async () => {
          sandbox.fault('POST /demo/login', { kind: 'issuer', iss: `${demo}${below}` });
          const session = graph.provider.createSession([demo], {});
          await fetch(await logInAt(await begin(), maxPower));
          assert.equal((await session).account.id, `${demo}#${maxPower.sub}`);
        });
      }

      it('is refused with both URLs if the issuer is another instance, and no code is sent', async () => {
        sandbox.fault('POST /demo/login', { kind: 'issuer', iss: sandbox.url('acme') });
        const outcome = outcomeOf(graph.provider.createSession([demo], {}));
        const page = await fetch(await logInAt(await begin(), maxPower));
        assert.match(await page.text(), /Not signed in/);
        const told = await outcome;
        for (const part of [demo, sandbox.url('acme'), 'Check the URL of the instance'])
          assert.ok(told.includes(part), told);
        assert.deepEqual([sandbox.exchanges, alive()], [[], []]);
      });

      it('is refused with both URLs if a pasted URL has another issuer, and the right URL can be pasted afterwards', async () => {
        sandbox.fault('POST /demo/login', { kind: 'issuer', iss: 'https://evil.example/demo' }, 1);
        const session = graph.provider.createSession([demo], {});
        const url = await begin();
        const box = await until(input);
        const paste = async (address: URL): Promise<void> => {
          box.value = String(address);
          await delay(0);
          await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        };
        await paste(await logInAt(url, maxPower));
        const told = await until(problem);
        for (const part of [demo, 'https://evil.example/demo']) assert.ok(told.includes(part), told);
        assert.ok(box.buttons.some(({ tooltip }) => tooltip === 'Open Settings'));
        await paste(await logInAt(url, maxPower));
        assert.equal((await session).account.id, `${demo}#${maxPower.sub}`);
      });
    });

    describe('on a port that cannot be opened', () => {
      let putBack: (() => void) | undefined;
      afterEach(() => putBack?.());
      /** Makes every attempt to listen on the redirect port fail with this code, as the system does. */
      const deny = (code: string): void => {
        const listen = Object.getOwnPropertyDescriptor(Server.prototype, 'listen')?.value as (
          this: Server,
          ...args: unknown[]
        ) => Server;
        putBack = replace(Server.prototype, 'listen', function (this: Server, ...args: unknown[]): Server {
          if (args[0] !== redirectPort) return listen.apply(this, args);
          process.nextTick(() =>
            this.emit('error', Object.assign(new Error(`listen ${code}: 127.0.0.1:${redirectPort}`), { code })),
          );
          return this;
        });
      };

      for (const [code, reason] of [
        ['EADDRINUSE', /in use by another program/],
        ['EACCES', /reserved, or needs administrator rights/],
        ['EPERM', /EPERM/],
        ['EADDRNOTAVAIL', /no address 127\.0\.0\.1/],
        ['ENOBUFS', /\(ENOBUFS\)/],
      ] as const) {
        it(`because of ${code} shows port and remedy, and accepts a pasted URL`, async () => {
          deny(code);
          const session = graph.provider.createSession([demo], {});
          const url = await begin();
          const box = await until(input);
          for (const part of [reason, new RegExp(`${redirectPort}`), /paste the redirected URL/, /"redirectPort"/])
            assert.match(box.prompt ?? '', part);
          assert.equal(box.busy, false);
          assert.ok(box.buttons.some(({ tooltip }) => tooltip === 'Open Settings'));
          box.value = String(await logInAt(url, maxPower));
          await delay(0);
          await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
          assert.equal((await session).account.id, `${demo}#${maxPower.sub}`);
        });
      }

      it('continues on another port after the setting was changed', async () => {
        deny('EACCES');
        const session = graph.provider.createSession([demo], {});
        await begin();
        const other = await freePort();
        await configure('instances', [
          { url: demo, signIn: 'browser', clientId: vscodeApplication.client_id, redirectPort: other },
        ]);
        await until(() => instance().redirectPort === other);
        person.clickButton('Open Browser Again');
        const url = await until(() => person.opened[1]);
        assert.match((await until(input)).prompt ?? '', /^Waiting for/);
        assert.equal(new URL((await logInAt(url, maxPower)).href).port, String(other));
        await fetch(await logInAt(url, maxPower));
        assert.equal((await session).account.id, `${demo}#${maxPower.sub}`);
      });
    });

    it('accepts a pasted URL, although the callback server is closed because of it', async () => {
      const session = graph.provider.createSession([demo], {});
      const url = await begin();
      const box = await until(input);
      box.value = String(await logInAt(url, maxPower));
      await delay(0);
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      assert.equal((await session).account.id, `${demo}#${maxPower.sub}`);
    });

    it('asks for the client secret again with the reason if the server rejects it', async () => {
      const session = graph.provider.createSession([demo], {});
      const count = person.opened.length;
      await person.type('outdated');
      await fetch(await logInAt(await until(() => person.opened[count]), maxPower));
      assert.match(await until(problem), /does not accept the client ID and client secret.*It is sent to http.* only/);
      assert.equal(input()?.password, true);
      await fetch(await logInAt(await begin(), maxPower));
      assert.equal((await session).account.id, `${demo}#${maxPower.sub}`);
    });

    for (const fails of [false, true]) {
      it(`ends after five minutes with a message${fails ? ', even if the server has failed during an exchange' : ''}`, async () => {
        const outcome = outcomeOf(graph.provider.createSession([demo], {}));
        const url = await begin();
        if (fails) sandbox.fault('POST /demo/oauth2/v1/token', { kind: 'status', status: 503 }, 1);
        if (fails) await fetch(await logInAt(url, maxPower));
        graph.clock.elapse(300_000);
        assert.match(await outcome, /was not completed in the browser within 5 minutes/);
        graph.endLingering();
        await until(() =>
          fetch(`http://127.0.0.1:${redirectPort}/`).then(
            () => false,
            () => true,
          ),
        );
      });
    }

    it('as another user than a joined extension requested gives that extension no session', async () => {
      const account = await accountWithEndedSession();
      const own = graph.signIn.run({ instance: instance(), userName: maxPower.name });
      const outcome = outcomeOf(graph.provider.createSession([demo], { account }));
      await fetch(await logInAt(await begin(), juergen));
      assert.equal((await own).account.userName, juergen.name);
      assert.match(await outcome, /You signed in as jürgen .*, but max\.power .* was requested/);
      assert.equal(alive().filter((user) => user === juergen.name).length, 2, 'the user’s own sign-in must be kept');
    });
  });

  describe('with a password', () => {
    beforeEach(() => open('password'));

    it('ignores the late answer to an attempt that the user left with Back', async () => {
      const own = graph.signIn.run({ instance: instance() });
      await person.type(olga.name);
      const lift = sandbox.fault('POST /demo/auth/v1/token', { kind: 'delay', ms: 1_500 }, 1);
      const first = person.type(olga.password).catch(() => undefined);
      await until(() => input()?.busy);
      await vscode.commands.executeCommand('workbench.action.quickInputBack');
      await first;
      await person.type(maxPower.name);
      await until(
        () =>
          sandbox.requests.filter(({ path, status }) => path === '/demo/auth/v1/token' && status === 401).length === 1,
      );
      await delay(200);
      lift();
      await person.type(maxPower.password);
      assert.equal((await own).account.userName, maxPower.name);
      assert.deepEqual(alive(), [maxPower.name]);
    });

    for (const [api, instance, user] of [
      ['the Auth API', 'demo', maxPower],
      ['the legacy login', 'legacy', hans],
    ] as const) {
      for (const [demand, typed] of [
        ['Unauthorized: TOTP required', '424\u00a0242'],
        ['Unauthorized: Authentication code required', '424-242'],
        ['Unauthorized: Bestätigungscode fehlt', '\u200b４２４ ２４２\ufeff'],
      ] as const) {
        it(`at ${api}, which asks "${demand}", accepts the code ${JSON.stringify(typed)} after a wrong one was corrected in place`, async () => {
          const url = sandbox.url(instance);
          await configure('instances', [{ url, signIn: 'password' }]);
          await until(() => graph.instances.active?.platform.href === url);
          sandbox.fault(/\/(token|login)$/, {
            kind: 'oneTimeCode',
            code: '424242',
            words: demand,
            as: instance === 'demo' ? 'json' : 'text',
          });
          const own = graph.signIn.run({ instance: graph.instances.active ?? assert.fail(), userName: user.name });
          await person.type(user.password);
          assert.match(
            (await until(() => input()?.password === false && input())).prompt ?? '',
            /The one-time code is sent to/,
          );
          assert.match((await person.type(' \u200b')) ?? '', /Enter the one-time code/);
          assert.match((await person.type('000 000')) ?? '', new RegExp(`did not accept the one-time code: ${demand}`));
          assert.equal(await person.type(typed), undefined);
          assert.equal((await own).account.userName, user.name);
          assert.deepEqual(alive(), [user.name]);
        });
      }
    }

    it('does not name the user name as wrong after a one-time code if the server does not say what is wrong', async () => {
      const own = graph.signIn.run({ instance: instance(), userName: olga.name });
      await person.type(olga.password);
      await until(() => input()?.password === false);
      sandbox.fault(
        'POST /demo/auth/v1/token',
        { kind: 'json', status: 401, body: { error: 'invalid_grant', error_description: 'Invalid credentials' } },
        1,
      );
      assert.match((await person.type('000000')) ?? '', /did not accept the one-time code or the password\. .*go back/);
      await person.type(olga.otp);
      assert.equal((await own).account.userName, olga.name);
    });

    it('continues with the account whose session has ended, also for an extension that requests any account', async () => {
      await accountWithEndedSession();
      for (const picks of [true, false]) {
        const session = picks ? graph.signIn.run({}) : graph.provider.createSession([demo], {});
        if (picks) await person.pick('demo');
        assert.match((await until(input)).prompt ?? '', /The password is sent to http.* only\. User name: max\.power/);
        await person.dismiss();
        await assert.rejects(session);
      }
    });

    it('asks for the user name first if another account is wanted', async () => {
      await accountWithEndedSession();
      const session = graph.signIn.run({ instance: instance(), ignoreKnownAccounts: true });
      assert.match(await person.dismiss(), /User name on/);
      await assert.rejects(session);
    });

    it('shows a user name that another extension passed before it asks for the password', async () => {
      const session = graph.signIn.run({ instance: instance(), userName: 'max. It is sent to good.example only' });
      assert.match(await person.dismiss(), /User name on/);
      await assert.rejects(session);
    });

    it('shows first where the password is sent, also beside an error', async () => {
      const session = graph.signIn.run({ instance: instance(), userName: maxPower.name });
      assert.match((await until(input)).prompt ?? '', new RegExp(`^The password is sent to ${demo} only`));
      assert.match(
        (await person.type('wrong')) ?? '',
        new RegExp(`did not accept .*The password is sent to ${demo} only`),
      );
      await person.dismiss();
      await assert.rejects(session);
    });

    it('for an extension waits until the running sign-in has ended', async () => {
      const acme = sandbox.url('acme');
      await configure('instances', [
        { url: demo, signIn: 'password' },
        { url: acme, signIn: 'password' },
      ]);
      await until(() => graph.instances.instances.length === 2);
      const own = graph.signIn.run({ instance: instance(), userName: maxPower.name });
      const prompt = await until(input);
      const session = graph.provider.createSession([acme], {});
      await delay(300);
      assert.equal(input(), prompt);
      await person.type(maxPower.password);
      assert.equal((await own).account.userName, maxPower.name);
      assert.match(await person.dismiss(), new RegExp(`User name on ${acme}`));
      await assert.rejects(session);
    });

    it('returns from adding an instance to the list of instances with Back', async () => {
      const session = graph.signIn.run({});
      await person.pick('Add Instance…');
      await until(input);
      await vscode.commands.executeCommand('workbench.action.quickInputBack');
      assert.equal(await person.dismiss(), 'Select an instance');
      await assert.rejects(session);
    });

    it('to an instance that was removed meanwhile stores no token', async () => {
      const outcome = outcomeOf(graph.provider.createSession([demo], {}));
      await person.type(maxPower.name);
      await until(input);
      await configure('instances', []);
      await until(() => graph.instances.instances.length === 0);
      await person.type(maxPower.password);
      assert.match(await outcome, /is no longer configured/);
      await until(() => alive().length === 0);
      assert.deepEqual(graph.store.accounts, []);
    });
  });
});
