import * as vscode from 'vscode';
import type { Shutdown } from '../../base/shutdown';
import { HandoverTokens } from '../../handover/handoverTokens';
import type { Services } from '../../services';
import type { SignInFaces } from '../../signIn/signInServices';
import { Targets } from '../commands/target';
import { OpenTerminals } from './openTerminals';
import { registerTerminalProfile } from './terminalProfile';

/** What the command needs to open a ZeyOS terminal. */
export interface TerminalFaces extends vscode.Disposable {
  readonly terminals: OpenTerminals;
  readonly extensionKind: vscode.ExtensionKind;
}

/** Prepares ZeyOS terminals: registers their profile, and closes their handles before the editor ends the extension. */
export function createTerminals(
  { extension, extensionPath }: vscode.ExtensionContext,
  services: Services,
  { sessionRequests }: SignInFaces,
  shutdown: Shutdown,
): TerminalFaces {
  const tokens = new HandoverTokens({ ...services, renew: (id) => sessionRequests.renew(id) });
  const terminals = new OpenTerminals({ ...services, tokens, extensionPath });
  const faces = { terminals, extensionKind: extension.extensionKind };
  const disposable = vscode.Disposable.from(
    registerTerminalProfile({ ...services, ...faces, targets: new Targets(services) }),
    terminals,
    shutdown.add(() => terminals.closeAll()),
  );
  return { ...faces, dispose: () => void disposable.dispose() };
}
