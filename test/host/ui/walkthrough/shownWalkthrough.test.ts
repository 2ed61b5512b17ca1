import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { EXTENSION_ID, WALKTHROUGH } from '../../../../src/manifest';
import { ShownWalkthrough } from '../../../../src/ui/walkthrough/shownWalkthrough';
import { Clock } from '../../../support/clock';
import { until } from '../../support/until';

describe('The context key that makes the editor register a shown walkthrough', () => {
  let shown: ShownWalkthrough | undefined;
  const clock = new Clock();
  /** The values that the editor was told. */
  const told: unknown[] = [];
  /** The values one after the other. The editor may replace a tab while it opens, which sets the same value again. */
  const counts = (): readonly unknown[] => told.filter((value, index) => value !== told[index - 1]);

  beforeEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0));
    told.length = 0;
  });

  afterEach(() => shown?.dispose());

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const watch = (): ShownWalkthrough => new ShownWalkthrough(clock, (_key, value) => told.push(value));
  /** Lets the editor register the walkthrough of the tab that is shown. */
  const register = async (): Promise<void> => {
    await until(() => clock.due.length > 0);
    clock.elapse(6_000);
    assert.deepEqual(clock.due, []);
  };
  const openWalkthrough = (): Thenable<unknown> =>
    vscode.commands.executeCommand('workbench.action.openWalkthrough', `${EXTENSION_ID}#${WALKTHROUGH}`);

  it('counts up after the walkthrough was opened, and starts again at 0 when it is closed', async () => {
    shown = watch();
    await openWalkthrough();
    await register();
    assert.deepEqual(counts(), [0, 1, 2]);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(() => counts().length > 3);
    assert.deepEqual(counts(), [0, 1, 2, 0]);
  });

  it('counts up also for a walkthrough that is open when the extension starts', async () => {
    await openWalkthrough();
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab !== undefined);
    shown = watch();
    await register();
    assert.deepEqual(counts(), [0, 1, 2]);
  });

  it('does not count for a text document', async () => {
    shown = watch();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: 'text' }));
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab !== undefined);
    assert.deepEqual(clock.due, []);
    await openWalkthrough();
    await register();
    assert.deepEqual(counts(), [0, 1, 2], 'only the walkthrough counted');
  });
});
