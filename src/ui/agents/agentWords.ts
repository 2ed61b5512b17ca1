import * as l10n from '@vscode/l10n';
import { MCP_SINCE } from '../../editor/mcpApi';
import type { NoOfferReason } from '../../handover/agents/offer';
import type { Instance } from '../../session/model/instance';
import type { StoredAccount } from '../../session/model/session';

/** Says why agents are offered nothing, and what the user can do. */
export function noOfferText(
  reason: Exclude<NoOfferReason, 'off'>,
  {
    instance,
    account,
    editor,
    command,
  }: {
    readonly instance: Instance | undefined;
    readonly account: StoredAccount | undefined;
    readonly editor: string;
    readonly command: string;
  },
): string {
  switch (reason) {
    case 'unsupported':
      return l10n.t(
        'Offering ZeyOS to agents needs an editor based on VS Code {0} or later. This one is based on {1}, so the setting zeyos.mcp.enabled has no effect here.',
        MCP_SINCE,
        editor,
      );
    case 'untrusted':
      return l10n.t('Agents can use ZeyOS only in a workspace that you trust.');
    case 'noInstance':
      return l10n.t('Agents can use ZeyOS once you have added an instance and signed in to it.');
    case 'relative':
      return l10n.t('The setting zeyos.mcp.command must be an absolute path. Correct it, or leave it empty.');
    case 'missing':
      return command === ''
        ? l10n.t(
            'Agents cannot use ZeyOS: zeyos-mcp was not found on the PATH. Install the ZeyOS command line, or set zeyos.mcp.command to the path of zeyos-mcp.',
          )
        : l10n.t('Agents cannot use ZeyOS: there is no program {0}. Correct the setting zeyos.mcp.command.', command);
    case 'signedOut':
      return l10n.t('Agents can use ZeyOS once you have signed in to {0}.', instance?.platform.label ?? 'ZeyOS');
    case 'ended':
      return sessionEndedText(account?.account.label ?? 'ZeyOS');
  }
}

export function sessionEndedText(label: string): string {
  return l10n.t('The session of {0} has ended, so agents cannot use it. Sign in again.', label);
}
