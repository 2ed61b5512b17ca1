import assert from 'node:assert/strict';
import { createServices, type Services } from '../../../../src/services';
import type { StoredAccount } from '../../../../src/session/model/session';
import { platform, tokenSet } from '../../../support/builders';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets } from '../../../support/memorySecrets';
import { memorySeams } from '../../../support/seams';
import { withEventsOf } from '../../../support/window';

describe('The consents for agents', () => {
  let secrets: MemorySecrets;
  let opened: Services[];

  beforeEach(() => {
    secrets = new MemorySecrets();
    opened = [];
  });
  afterEach(() => opened.forEach((window) => window.dispose()));

  /** A window with a workspace; the same workspace memory means the same workspace. */
  async function open(workspace = new MemoryMemento()): Promise<Services> {
    const window = createServices(memorySeams({ secrets: withEventsOf(secrets, secrets), workspace }));
    opened.push(window);
    await window.store.refresh();
    return window;
  }
  const signIn = ({ store }: Services, userName = 'max.power'): Promise<StoredAccount> =>
    store.signIn(platform, { userName }, tokenSet(`token of ${userName}`));
  const kept = (): readonly string[] => secrets.keys().filter((key) => key.startsWith('zeyos.agents.'));
  const settled = async (): Promise<void> => {
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
  };

  it('are none at first, and the secret storage is not read in a workspace without consents', async () => {
    const window = await open();
    const account = await signIn(window);
    assert.equal(await window.agentConsents.read(account), undefined);
    assert.deepEqual(
      secrets.operations.filter((operation) => operation.includes('zeyos.agents.')),
      [],
    );
  });

  for (const access of ['read', 'write'] as const) {
    it(`are kept for the workspace and the account that the user gave the consent to ${access} for`, async () => {
      const workspace = new MemoryMemento();
      const window = await open(workspace);
      const [max, anna] = [await signIn(window), await signIn(window, 'anna')];
      await window.agentConsents.give(max, access);
      const reopened = (await open(workspace)).agentConsents;
      assert.deepEqual([await reopened.read(max), await reopened.read(anna)], [access, undefined]);
      assert.equal(await (await open()).agentConsents.read(max), undefined);
    });
  }

  it('are forgotten in every workspace when the user signs out in one of them', async () => {
    const [workspace, other] = [new MemoryMemento(), new MemoryMemento()];
    const window = await open(workspace);
    const account = await signIn(window);
    await window.agentConsents.give(account, 'write');
    const second = await open(other);
    await second.agentConsents.give(account, 'read');
    second.dispose();
    await window.store.signOut(account.id);
    await settled();
    assert.deepEqual(kept(), []);
    const again = await signIn(window);
    assert.equal(again.id, account.id);
    assert.equal(await window.agentConsents.read(again), undefined);
    assert.equal(await (await open(other)).agentConsents.read(again), undefined);
  });

  it('are kept when the user signs in again after the session has ended', async () => {
    const window = await open();
    const account = await signIn(window);
    await window.agentConsents.give(account, 'read');
    await window.store.signIn(platform, { userName: 'max.power' }, tokenSet('a new token'));
    await settled();
    assert.equal(await window.agentConsents.read(account), 'read');
  });

  it('are withdrawn for one workspace only', async () => {
    const [workspace, other] = [new MemoryMemento(), new MemoryMemento()];
    const [window, second] = [await open(workspace), await open(other)];
    const account = await signIn(window);
    await second.store.refresh();
    await window.agentConsents.give(account, 'write');
    await second.agentConsents.give(account, 'read');
    await window.agentConsents.withdraw(account);
    assert.equal(window.agentConsents.known(account), undefined);
    assert.equal(await (await open(workspace)).agentConsents.read(account), undefined);
    assert.equal(await (await open(other)).agentConsents.read(account), 'read');
  });

  it('fire an event when the user gives a consent and when the user withdraws it', async () => {
    const window = await open();
    const account = await signIn(window);
    const seen: (string | undefined)[] = [];
    window.agentConsents.onDidChange(() => seen.push(window.agentConsents.known(account)));
    await window.agentConsents.give(account, 'read');
    await window.agentConsents.withdraw(account);
    assert.deepEqual(seen, ['read', undefined]);
  });

  it('are read when the window has read its sessions, so that a list can show them', async () => {
    const workspace = new MemoryMemento();
    const window = await open(workspace);
    const account = await signIn(window);
    await window.agentConsents.give(account, 'read');
    const reopened = await open(workspace);
    await settled();
    assert.equal(reopened.agentConsents.known(account), 'read');
  });

  for (const content of ['', '{', '[]', '{"w":"all"}', 'null']) {
    it(`are none if the storage holds ${JSON.stringify(content)}`, async () => {
      const workspace = new MemoryMemento();
      await workspace.update('zeyos.agents.workspace', 'w');
      const window = await open(workspace);
      const account = await signIn(window);
      await settled();
      await secrets.store(`zeyos.agents.${account.id}`, content);
      const reopened = await open(workspace);
      assert.equal(await reopened.agentConsents.read(account), undefined);
    });
  }

  it('count only in this window if the storage does not save them', async () => {
    const broken = new MemorySecrets();
    const window = createServices(
      memorySeams({
        secrets: {
          get: (key) => broken.get(key),
          delete: (key) => broken.delete(key),
          store: (key, value) =>
            key.startsWith('zeyos.agents.') ? Promise.reject(new Error('no keyring')) : broken.store(key, value),
          onDidChange: (listener) => broken.onDidChange(listener),
        },
      }),
    );
    opened.push(window);
    await window.store.refresh();
    const account = await signIn(window);
    await window.agentConsents.give(account, 'read');
    assert.equal(await window.agentConsents.read(account), 'read');
  });
});
