import * as vscode from 'vscode';
import { HandoverTokens } from '../../handover/handoverTokens';
import type { Services } from '../../services';
import type { SessionRequests } from '../../signIn/sessionRequests';
import { Targets } from '../commands/target/target';
import { OpenTerminals } from './openTerminals';
import { SentenceTerminal } from './sentenceTerminal';
import { profileOptions } from './terminalProfile';

export interface TerminalFaces {
  readonly terminals: OpenTerminals;
  readonly extensionKind: vscode.ExtensionKind;
}

export interface Terminals extends TerminalFaces, vscode.Disposable {
  profile(): Promise<vscode.TerminalProfile>;
}

export function createTerminals(
  { extension, extensionPath }: vscode.ExtensionContext,
  services: Services,
  sessionRequests: SessionRequests,
): Terminals {
  const tokens = new HandoverTokens({ ...services, renew: (id) => sessionRequests.renew(id) });
  const terminals = new OpenTerminals({ ...services, tokens, extensionPath });
  const faces = { terminals, extensionKind: extension.extensionKind };
  const profileServices = { ...services, ...faces, targets: new Targets(services) };
  const disposable = vscode.Disposable.from(
    terminals,
    // The editor may leave another terminal in front of a profile's late one.
    vscode.window.onDidOpenTerminal((terminal) => {
      const { creationOptions } = terminal;
      if ('pty' in creationOptions && creationOptions.pty instanceof SentenceTerminal) terminal.show();
    }),
  );
  return {
    ...faces,
    profile: () =>
      services.log.during(
        'terminalProfile',
        async () => new vscode.TerminalProfile(await profileOptions(profileServices)),
      ),
    dispose: () => void disposable.dispose(),
  };
}
