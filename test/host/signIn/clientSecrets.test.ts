import * as assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ended } from '../../../src/session/model/transitions';
import { logInAt } from '../../support/browserLogin';
import { freePort } from '../../support/freePort';
import { juergen, maxPower, vscodeApplication } from '../../support/sandbox/fixtures';
import type { Sandbox, SandboxUser } from '../../support/sandbox/sandbox';
import { configure, extension } from '../support/extension';
import { Graph } from '../support/graph';
import { Person } from '../support/person';
import { startServer } from '../support/server';
import { until } from '../support/until';
import { Vault } from '../support/vault';

describe('The client secret of a browser sign-in that fails', () => {
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

  beforeEach(async () => {
    sandbox = await startServer();
    demo = sandbox.url('demo');
    person = new Person();
  });

  after(() => configure('instances', undefined));

  afterEach(async () => {
    await person.dismissAllUntil(delay(0));
    graph.close();
    person.leave();
    await vault.empty();
    await sandbox.stop();
  });

  const open = async (clientId?: string): Promise<void> => {
    await configure('instances', [
      { url: demo, signIn: 'browser', redirectPort, ...(clientId !== undefined && { clientId }) },
    ]);
    graph = await Graph.open(vault);
  };
  const instance = () => graph.instances.active ?? assert.fail('there is no instance');
  const kept = async () => Object.keys(await vault.contents()).filter((key) => key.startsWith('zeyos.client.'));
  const alive = () => sandbox.tokens().filter(({ active }) => active);
  /** Enters the client’s data, and resolves to the URL that the browser opens. */
  const begin = async (): Promise<string> => {
    const count = person.opened.length;
    if (instance().clientId === undefined) await person.type(vscodeApplication.client_id);
    await person.type(vscodeApplication.client_secret);
    return until(() => person.opened[count]);
  };
  const cancelled = (): Promise<void> =>
    assert.rejects(graph.signIn.run({ instance: instance(), ignoreKnownAccounts: true }), vscode.CancellationError);
  const logIn = async (url: string, user: SandboxUser = maxPower): Promise<unknown> => fetch(await logInAt(url, user));

  const outcomes: readonly [string, () => Promise<unknown>][] = [
    [
      'the server fails during the exchange',
      async () => {
        const outcome = cancelled();
        const url = await begin();
        sandbox.fault('POST /demo/oauth2/v1/token', { kind: 'status', status: 503 }, 1);
        await logIn(url);
        await until(() => person.prompt && 'validationMessage' in person.prompt && person.prompt.validationMessage);
        await person.dismiss();
        await outcome;
      },
    ],
    [
      'the server rejects the secret',
      async () => {
        const outcome = cancelled();
        const url = await begin();
        sandbox.instance('demo').applications = [{ ...vscodeApplication, client_secret: 'other' }];
        await logIn(url);
        await until(() => person.prompt && 'validationMessage' in person.prompt && person.prompt.validationMessage);
        await person.dismiss();
        await outcome;
      },
    ],
    [
      'the user cancels before the browser returns',
      async () => {
        const outcome = cancelled();
        await begin();
        await person.dismiss();
        await outcome;
      },
    ],
    [
      'the user cancels during the exchange',
      async () => {
        const outcome = cancelled();
        const url = await begin();
        sandbox.fault('POST /demo/oauth2/v1/token', { kind: 'delay', ms: 300 }, 1);
        const redirected = logIn(url);
        await until(() => sandbox.requests.some(({ path }) => path === '/demo/oauth2/v1/token'));
        await person.dismiss();
        await outcome;
        await redirected;
        await until(() => sandbox.tokens().length > 0 && alive().length === 0);
      },
    ],
    [
      'the user signs in to the wrong account',
      async () => {
        const { id, account, session } = await graph.keep(demo, maxPower);
        await graph.store.update(id, ended(session?.accessToken?.value ?? '', 'revoked'));
        const outcome = assert.rejects(
          graph.provider.createSession([demo], { account: { id: account.id, label: account.label } }),
          /The new token will be revoked/,
        );
        await logIn(await begin(), juergen);
        await outcome;
      },
    ],
  ];
  for (const [what, happens] of outcomes) {
    it(`is not stored if ${what}`, async () => {
      await open();
      await happens();
      await until(async () => (await kept()).length === 0);
      assert.deepEqual([alive(), await kept()], [[], []]);
    });
  }

  it('is stored for the next attempt if the setting names the client', async () => {
    await open(vscodeApplication.client_id);
    await outcomes[3]?.[1]();
    assert.equal((await kept()).length, 1);
  });

  it('is stored for the session even if another window has deleted it during the sign-in', async () => {
    await open(vscodeApplication.client_id);
    const signedIn = graph.signIn.run({ instance: instance() });
    const url = await begin();
    const introspected = sandbox.fault('/introspect', { kind: 'delay', ms: 300 }, 1);
    const redirected = logIn(url);
    const [key] = await until(async () => {
      const keys = await kept();
      return keys.length > 0 && keys;
    });
    await vault.secrets.delete(key ?? '');
    introspected();
    await redirected;
    await signedIn;
    assert.deepEqual(await kept(), [key]);
  });
});
