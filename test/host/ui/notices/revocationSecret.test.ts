import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Revocations } from '../../../../src/session/tokens/revocations';
import { RevocationSecretRequests } from '../../../../src/ui/notices/revocationSecretRequests';
import { OperationLog } from '../../../../src/hiding/operationLog';
import { ClientSecrets } from '../../../../src/session/storage/clientSecrets';
import { logInAt } from '../../../support/browserLogin';
import { freePort } from '../../../support/freePort';
import { MemoryLog } from '../../../support/memoryLog';
import { maxPower, vscodeApplication } from '../../../support/sandbox/fixtures';
import type { Sandbox } from '../../../support/sandbox/sandbox';
import { configure, extension } from '../../support/extension';
import { Graph } from '../../support/graph';
import { Person } from '../../support/person';
import { replace } from '../../support/replace';
import { startServer } from '../../support/server';
import { until } from '../../support/until';
import { Vault } from '../../support/vault';

const SECRET = 'the-new-secret';

describe('A token that can be revoked only with another client secret', () => {
  let sandbox: Sandbox;
  let person: Person;
  let demo: string;
  let redirectPort: number;
  let putBack: () => void;

  before(async () => {
    await extension().activate();
    redirectPort = await freePort();
  });

  after(() => configure('instances', undefined));

  beforeEach(async () => {
    sandbox = await startServer();
    demo = sandbox.url('demo');
    person = new Person();
    putBack = replace(vscode.window, 'state', { focused: true, active: true });
    person.reply = ({ buttons }) => buttons[0];
    await configure('instances', [
      { url: demo, signIn: 'browser', clientId: vscodeApplication.client_id, redirectPort },
    ]);
  });

  afterEach(async () => {
    putBack();
    person.leave();
    await sandbox.stop();
  });

  const run = (command: string, argument?: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand(command, argument);
  const alive = () => sandbox.tokens().filter(({ active }) => active);
  const changeSecret = (client_secret: string): void => {
    sandbox.instance('demo').applications = [{ ...vscodeApplication, client_secret }];
  };
  const signIn = async (): Promise<void> => {
    const result = run('zeyos.signIn', { instance: demo });
    await person.type(vscodeApplication.client_secret);
    await fetch(await logInAt(await until(() => person.opened[0]), maxPower));
    assert.ok(await result);
  };
  const details = async (): Promise<readonly (string | undefined)[]> => {
    const box = await until(() => person.prompt);
    assert.ok('items' in box);
    return box.items.map(({ detail }) => detail).filter((detail) => detail !== undefined);
  };

  for (const removes of [false, true]) {
    it(`is reported after ${removes ? 'its instance was removed' : 'a sign-out'}, and revoked when the secret is entered`, async () => {
      await signIn();
      changeSecret(SECRET);
      await (removes ? run('zeyos.removeInstance', { instance: demo }) : run('zeyos.signOut', { instance: demo }));
      assert.equal(alive().length, 2);
      const { text } = await until(() =>
        person.messages.find(({ text: message }) => message.includes('client secret')),
      );
      assert.match(
        text,
        /^The token for max\.power on 127\.0\.0\.1:\d+\/demo could not be revoked: the client secret for client ID vscode is needed\. Until then the token stays valid\.$/,
      );
      assert.deepEqual(
        person.messages.filter(({ text: message }) => message.includes('retried automatically')),
        [],
        'it must not be repeated',
      );
      const shown = run('zeyos.showSessions');
      assert.deepEqual(await details(), ['signed out, pending revocations: 1, client secret for vscode needed']);
      await person.pick(maxPower.name);
      await person.pick('Enter Client Secret to Revoke Token');
      const box = await until(() => (person.prompt && 'password' in person.prompt ? person.prompt : undefined));
      assert.deepEqual(
        [box.password, box.prompt],
        [
          true,
          `Client secret for client ID vscode, to revoke the token for ${maxPower.name}. It is sent to ${demo} only.`,
        ],
      );
      assert.match((await person.type('wrong')) ?? '', /does not accept this client secret\. Check it in ZeyOS\./);
      assert.equal(await person.type(SECRET), undefined);
      await person.dismiss();
      await shown;
      assert.match(person.messages.at(-1)?.text ?? '', /^The token for max\.power \(.*\) has been revoked\.$/);
      assert.deepEqual(alive(), []);
      assert.ok(!JSON.stringify(person.messages).includes(SECRET));
    });
  }

  it('is revoked later if the server cannot be reached when the secret is entered', async () => {
    await signIn();
    changeSecret(SECRET);
    await run('zeyos.signOut', { instance: demo });
    const shown = run('zeyos.showSessions');
    await person.pick(maxPower.name);
    await person.pick('Enter Client Secret to Revoke Token');
    sandbox.fault('/oauth2/', { kind: 'reset' });
    assert.equal(await person.type(SECRET), undefined);
    await person.dismiss();
    await shown;
    assert.match(
      person.messages.at(-1)?.text ?? '',
      /^The client secret has been saved\. The token for max\.power \(.*\) is revoked as soon as possible\.$/,
    );
    sandbox.clearFaults();
    const again = run('zeyos.showSessions');
    assert.deepEqual(await details(), ['signed out, cannot be reached, pending revocations: 1']);
    await person.dismiss();
    await again;
  });

  it('is reported once for each account, with a button to enter the secret', async () => {
    const vault = await Vault.open();
    const graph = await Graph.open(vault);
    const clientSecrets = new ClientSecrets(vault.secrets);
    const log = new OperationLog(new MemoryLog());
    const { store, clock } = graph;
    const { tokenRequests, missingClientSecrets } = graph.services;
    const revocations = new Revocations({ tokenRequests, store, missingClientSecrets, clock, log });
    const requests = new RevocationSecretRequests({
      revocations,
      missingClientSecrets,
      clientSecrets,
      instances: graph.instances,
      store: graph.store,
      log,
    });
    try {
      const { id } = await graph.store.signIn(
        graph.instances.active?.platform ?? assert.fail(),
        { userName: maxPower.name },
        {
          api: 'oauth2',
          clientId: 'vscode',
          accessToken: { value: 'access', issuedAt: graph.clock.now() },
          grant: { kind: 'refreshToken', value: 'refresh' },
        },
      );
      await graph.store.signOut(id);
      for (let tries = 0; tries < 3; tries++) await revocations.settleAccount(id);
      assert.deepEqual(
        person.messages.map(({ buttons }) => buttons),
        [['Enter Client Secret']],
      );
      person.click = ({ buttons }) => buttons[0];
      await graph.store
        .signIn(
          graph.instances.active?.platform ?? assert.fail(),
          { userName: 'anna' },
          {
            api: 'oauth2',
            clientId: 'vscode',
            accessToken: { value: 'of anna', issuedAt: graph.clock.now() },
            grant: { kind: 'refreshToken', value: 'refresh of anna' },
          },
        )
        .then(({ id: other }) => graph.store.signOut(other).then(() => revocations.settleAccount(other)));
      assert.equal(await person.type(vscodeApplication.client_secret), undefined);
      await until(() => graph.store.accounts.every(({ pendingRevocations }) => pendingRevocations.length === 0));
      assert.equal(person.messages.filter(({ text }) => text.includes('is needed')).length, 2);
    } finally {
      requests.dispose();
      revocations.dispose();
      graph.close();
      await vault.empty();
    }
  });
});
