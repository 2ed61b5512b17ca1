import * as assert from 'node:assert/strict';
import { savedPassword } from '../../../../src/session/model/grant';
import { PlatformUrl } from '../../../../src/zeyos/address/platform';
import { ShortLifetimeNotices } from '../../../../src/ui/notices/shortLifetimeNotices';
import { maxPower } from '../../../support/sandbox/fixtures';
import type { Sandbox } from '../../../support/sandbox/sandbox';
import { configureInstances } from '../../support/extension';
import { Graph } from '../../support/graph';
import { Person } from '../../support/person';
import { startServer } from '../../support/server';
import { Vault } from '../../support/vault';

describe('Tokens with a lifetime under a minute', () => {
  let vault: Vault;
  let sandbox: Sandbox;
  let graph: Graph;
  let person: Person;
  let notices: ShortLifetimeNotices;

  before(async () => {
    vault = await Vault.open();
    sandbox = await startServer();
    await configureInstances(sandbox.url('demo'));
    person = new Person();
    graph = await Graph.open(vault);
    notices = new ShortLifetimeNotices(graph.services);
  });

  after(async () => {
    notices.dispose();
    person.leave();
    graph.close();
    await sandbox.stop();
    await vault.empty();
    await configureInstances();
  });

  it('are renewed for other extensions once a minute, and reported to the user once', async () => {
    graph.staySignedIn = true;
    sandbox.instance('demo').lifetimeSeconds = 10;
    const platform = PlatformUrl.parse(sandbox.url('demo'));
    const credentials = { username: maxPower.name, password: maxPower.password };
    const { value } = await graph.passwordRequests.request(platform, credentials);
    await graph.store.signIn(platform, { userName: maxPower.name }, value, savedPassword(maxPower.password));
    const asked = (): number => sandbox.requests.filter(({ path }) => path.endsWith('/auth/v1/token')).length;
    sandbox.clearRequests();
    for (let seconds = 0; seconds < 55; seconds += 11) {
      graph.clock.advance(11_000);
      await graph.provider.getSessions([platform.href], {});
    }
    assert.equal(asked(), 1);
    const told = person.messages.filter(({ text }) => text.includes('valid for less than a minute'));
    assert.equal(told.length, 1);
    assert.deepEqual(told[0]?.buttons, ['Introspect Token']);
    assert.match(told[0]?.text ?? '', /127\.0\.0\.1:\d+\/demo issues tokens .* The session for max\.power/);
  });
});
