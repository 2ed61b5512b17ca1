import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Instance } from '../session/model/instance';
import { notify } from './notifications';
import { withProductionMark } from './productionMark';
import { input } from './prompts';

/**
 * Has the user type the name of a production instance, before something happens to it that cannot be undone. Asks nothing about other
 * instances, nor about one that is no longer configured.
 * @param action what is about to happen, as a button calls it
 * @throws {vscode.CancellationError} the user typed anything else, or pressed Esc
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
