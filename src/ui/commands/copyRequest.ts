import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { curlFormFor, requestText, type RequestForm } from '../../handover/requestTexts';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { notify, type Actions } from '../../dialog/notifications';
import { runCommand } from '../../dialog/ownCommand';
import { withProductionMark } from '../../dialog/productionMark';
import { pick, type PickItem } from '../../dialog/prompts';
import type { CommandArgument } from './target/commandArgument';
import type { Targets } from './target/target';

/** Copies a request for a terminal or a file. It contains no token. */
export async function copyRequest(
  { targets }: { readonly targets: Targets },
  argument: CommandArgument,
): Promise<void> {
  const title = l10n.t('Copy a Request');
  const instance = await targets.onlyInstance(argument, title);
  const { platform } = instance;
  const form = await pick<RequestForm>(items(curlFormFor(vscode.env.shell)), {
    title: withProductionMark(title, instance),
    placeholder: l10n.t('Select the tool that sends the request'),
  });
  await vscode.env.clipboard.writeText(requestText(form, platform));
  const { message, actions } = nextStep(form, platform);
  notify('information', message, actions);
}

/** @param first for the user's default shell */
function items(first: RequestForm): readonly (PickItem<RequestForm> | vscode.QuickPickItem)[] {
  const inTerminal = l10n.t('run by zeyos-run in a ZeyOS terminal');
  const curl = (value: RequestForm, label: string): PickItem<RequestForm> => ({
    value,
    label,
    description: inTerminal,
    iconPath: new vscode.ThemeIcon('terminal'),
  });
  const shells = [
    curl('curlPosix', l10n.t('curl for sh, bash, zsh and fish')),
    curl('curlPowerShell', l10n.t('curl for PowerShell')),
    curl('curlCmd', l10n.t('curl for cmd')),
  ];
  return [
    ...shells.filter(({ value }) => value === first),
    ...shells.filter(({ value }) => value !== first),
    curl('curlBefore83', l10n.t('curl before 8.3 for sh, bash, zsh and fish')),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      value: 'httpYac',
      label: 'httpYac',
      description: l10n.t('asks the editor for a session'),
      detail: l10n.t('Your consent is given to httpYac, so it holds for the .http files of every folder.'),
      iconPath: new vscode.ThemeIcon('file-code'),
    },
    {
      value: 'restClient',
      label: 'REST Client',
      description: l10n.t('asks you for the token'),
      iconPath: new vscode.ThemeIcon('file-code'),
    },
  ];
}

function nextStep(form: RequestForm, { label, href }: PlatformUrl): { message: string; actions: Actions } {
  switch (form) {
    case 'httpYac':
      return {
        message: l10n.t(
          'A request to {0} was copied. Paste it into an .http file. When you allow httpYac to use your account, the .http files of every folder can use it.',
          label,
        ),
        actions: {},
      };
    case 'restClient':
      return {
        message: l10n.t(
          'A request to {0} was copied. Paste it into an .http file. REST Client asks for an access token when it sends the request.',
          label,
        ),
        actions: { [l10n.t('Copy Access Token')]: () => runCommand('zeyos.copyAccessToken', { instance: href }) },
      };
    case 'curlPosix':
    case 'curlPowerShell':
    case 'curlCmd':
    case 'curlBefore83':
      return {
        message: l10n.t('A curl command for {0} was copied. Paste it into a ZeyOS terminal.', label),
        actions: { [l10n.t('Open Terminal')]: () => runCommand('zeyos.openTerminal', { instance: href }) },
      };
  }
}
