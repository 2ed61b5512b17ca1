import * as assert from 'node:assert/strict';
import { systemClock } from '../../../../src/base/clock';
import { CONTEXT_KEYS } from '../../../../src/manifest';
import { ended } from '../../../../src/session/model/transitions';
import { ContextKeys } from '../../../../src/ui/status/contextKeys';
import { configure, configureInstances } from '../../support/extension';
import { Graph } from '../../support/graph';
import { until } from '../../support/until';
import { Vault } from '../../support/vault';

const demo = 'https://cloud.zeyos.com/demo';

describe('The context keys of the palette and the walkthrough', () => {
  let vault: Vault;
  let graph: Graph;
  let context: ContextKeys;
  /** What the editor was told. */
  const told: unknown[] = [];

  before(async () => {
    vault = await Vault.open();
    await configureInstances(demo);
    graph = await Graph.open(vault);
    context = new ContextKeys(graph.store, graph.instances, systemClock, (key, value) => {
      if (key !== CONTEXT_KEYS.walkthroughShown) told.push([key, value]);
    });
  });

  after(async () => {
    context.dispose();
    graph.close();
    await vault.empty();
    await configure('instances', undefined);
  });

  const taken = (): readonly unknown[] => told.splice(0);

  it('say at first that an instance is configured and that no account is signed in', () =>
    assert.deepEqual(taken(), [
      ['zeyos.hasInstances', true],
      ['zeyos.isSignedIn', false],
    ]));

  it('change with the first instance and the last one, once each', async () => {
    await configureInstances();
    await until(() => told.length > 0);
    assert.deepEqual(taken(), [['zeyos.hasInstances', false]]);
    await configureInstances(demo, `${demo}2`);
    await until(() => told.length > 0);
    assert.deepEqual(taken(), [['zeyos.hasInstances', true]]);
    await configureInstances(demo);
    await until(() => graph.instances.instances.length === 1);
    assert.deepEqual(taken(), [], 'one instance of two was removed');
  });

  it('change with the first sign-in and the last sign-out, once each', async () => {
    const max = await graph.keep(demo, { name: 'max.power' });
    const anna = await graph.keep(demo, { name: 'anna' });
    assert.deepEqual(taken(), [['zeyos.isSignedIn', true]]);
    await graph.store.update(anna.id, ended(anna.session?.accessToken?.value ?? '', 'revoked'));
    await graph.store.signOut(max.id);
    assert.deepEqual(taken(), [], 'a session that has ended can still be renewed, or signed out of');
    await graph.store.signOut(anna.id);
    assert.deepEqual(taken(), [['zeyos.isSignedIn', false]]);
  });
});
