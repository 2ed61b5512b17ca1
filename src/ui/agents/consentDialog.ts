import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { confirmProduction } from '../../dialog/production';
import { withProductionMark } from '../../dialog/productionMark';
import { machineName } from '../../editor/machine';
import type { AgentAccess } from '../../handover/agents/consents';
import type { Offer } from '../../handover/agents/offer';

/** @throws {vscode.CancellationError} the user allows nothing */
export async function askForConsent({ instance, account, program }: Offer): Promise<AgentAccess> {
  const read = l10n.t('Allow Reading');
  const write = l10n.t('Allow Reading and Writing');
  const machine = machineName();
  const detail = [
    l10n.t('Instance: {0}', instance.platform.href),
    machine === undefined
      ? l10n.t('Program that gets the access token: {0}', program)
      : l10n.t('Program that gets the access token: {0}, on the machine {1}', program, machine),
    l10n.t(
      'In this workspace, the agents of this editor can then act as {0} through the program. What they read can be sent to the provider of their language model. Your choice is kept until you sign out or withdraw it in the list of sessions.',
      account.account.userName,
    ),
  ].join('\n\n');
  // The first button is the default, so it must not allow writing.
  const answer = await vscode.window.showWarningMessage(
    withProductionMark(l10n.t('Allow agents to use ZeyOS as {0}?', account.account.label), instance),
    { modal: true, detail },
    read,
    write,
  );
  if (answer !== read && answer !== write) throw new vscode.CancellationError();
  await confirmProduction(instance, answer);
  return answer === write ? 'write' : 'read';
}
