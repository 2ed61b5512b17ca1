import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Instance } from '../session/model/instance';
import { notify } from './notifications';
import { withProductionMark } from './productionMark';
import { input } from './prompts';

/**
 * Asks the user to type the name of a production instance before an action that cannot be undone. It asks nothing about
 * other instances, nor about one that was removed.
 * @param action the text of the action's button
 * @throws {vscode.CancellationError} the user typed another text, or pressed Esc
 */
export async function confirmProduction(
  instance: Pick<Instance, 'platform' | 'isProduction'> | undefined,
  action: string,
): Promise<void> {
  if (!instance?.isProduction) return;
  const { platform } = instance;
  const typed = await input({
    title: withProductionMark(action, instance),
    prompt: l10n.t('{0} is a production instance. Enter {1} to continue.', platform.href, platform.instanceName),
    placeholder: platform.instanceName,
    invisible: 'remove',
  });
  if (typeof typed === 'string' && isInstanceName(typed, platform.instanceName)) return;
  notify('information', l10n.t('Nothing was done on {0}: the name that you entered is another one.', platform.label));
  throw new vscode.CancellationError();
}

function isInstanceName(typed: string, name: string): boolean {
  return typed.trim().toLowerCase() === name.toLowerCase();
}
