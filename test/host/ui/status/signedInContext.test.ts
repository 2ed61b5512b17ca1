import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ended } from '../../../../src/session/model/transitions';
import { SignedInContext } from '../../../../src/ui/status/signedInContext';
import { configure, configureInstances } from '../../support/extension';
import { Graph } from '../../support/graph';
import { replace } from '../../support/replace';
import { Vault } from '../../support/vault';

const demo = 'https://cloud.zeyos.com/demo';

describe('The context key zeyos.isSignedIn', () => {
  let vault: Vault;
  let graph: Graph;
  let context: SignedInContext;
  let putBack: () => void;
  const contextValues: unknown[] = [];

  before(async () => {
    vault = await Vault.open();
    await configureInstances(demo);
    graph = await Graph.open(vault);
    const { executeCommand } = vscode.commands;
    putBack = replace(vscode.commands, 'executeCommand', (command: string, ...rest: unknown[]) => {
      if (command !== 'setContext') return executeCommand(command, ...rest);
      contextValues.push(rest);
      return Promise.resolve();
    });
    context = new SignedInContext(graph.store);
  });

  after(async () => {
    putBack();
    context.dispose();
    graph.close();
    await vault.empty();
    await configure('instances', undefined);
  });

  const taken = (): readonly unknown[] => contextValues.splice(0);

  it('is false at the start', () => assert.deepEqual(taken(), [['zeyos.isSignedIn', false]]));

  it('changes once at the first sign-in and once at the last sign-out', async () => {
    const max = await graph.keep(demo, { name: 'max.power' });
    const anna = await graph.keep(demo, { name: 'anna' });
    assert.deepEqual(taken(), [['zeyos.isSignedIn', true]]);
    await graph.store.update(anna.id, ended(anna.session?.accessToken?.value ?? '', 'revoked'));
    await graph.store.signOut(max.id);
    assert.deepEqual(taken(), [], 'a session that has ended can still be renewed or signed out of');
    await graph.store.signOut(anna.id);
    assert.deepEqual(taken(), [['zeyos.isSignedIn', false]]);
  });
});
