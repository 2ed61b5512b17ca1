import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { OperationLog } from '../../../../src/hiding/operationLog';
import type { HandoverTokens } from '../../../../src/handover/handoverTokens';
import { VARIABLES } from '../../../../src/handover/protocol';
import { OpenTerminals } from '../../../../src/ui/terminal/openTerminals';
import { Clock } from '../../../support/clock';
import { MemoryLog } from '../../../support/memoryLog';
import { configure, configureInstances, extension } from '../../support/extension';
import { Graph } from '../../support/graph';
import { until } from '../../support/until';
import { Vault } from '../../support/vault';

const demo = 'https://cloud.zeyos.com/demo';

describe('The access of a ZeyOS terminal that the editor does not open', function () {
  if (process.platform === 'win32') return;
  let vault: Vault;
  let graph: Graph;
  let terminals: OpenTerminals;
  const clock = new Clock();
  const log = new MemoryLog();

  before(async () => {
    vault = await Vault.open();
    await configureInstances(demo);
    graph = await Graph.open(vault);
    terminals = new OpenTerminals({
      tokens: { token: () => assert.fail('a token was handed over') } as unknown as HandoverTokens,
      store: graph.store,
      instances: graph.instances,
      clock,
      log: new OperationLog(log),
      extensionPath: extension().extensionPath,
    });
  });

  after(async () => {
    terminals.dispose();
    graph.close();
    await vault.empty();
    await configure('instances', undefined);
  });

  it('ends after a minute', async () => {
    const { env } = await terminals.options(await graph.keep(demo, { name: 'max.power' }), undefined);
    const folder = env?.[VARIABLES.handle] ?? assert.fail('there is no handle');
    clock.elapse(59_999);
    assert.ok(existsSync(folder));
    clock.elapse(1);
    await until(() => !existsSync(folder));
    assert.match(log.lines.at(-1) ?? '', /ended the access of a terminal for max\.power .*: no terminal was opened$/);
    assert.deepEqual(clock.due, []);
  });
});
