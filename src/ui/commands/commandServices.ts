import * as vscode from 'vscode';
import type { Services } from '../../services';
import type { SignInFaces } from '../../signIn/signInServices';
import type { Documents } from '../../editor/registerDocuments';
import { CheckDocuments } from '../documents/checkDocuments';
import type { TerminalFaces } from '../terminal/terminals';
import { Targets } from './target/target';
import { TokenClipboard } from './tokenClipboard';

export interface CommandFaces extends TerminalFaces, Documents {
  /** For the diagnosis report. */
  readonly version: string;
}

export interface CommandServices extends Services, SignInFaces, Omit<CommandFaces, keyof Documents> {
  readonly clipboard: TokenClipboard;
  readonly targets: Targets;
  readonly introspections: CheckDocuments;
  readonly reports: CheckDocuments;
}

export function createCommandServices(core: Services, signIn: SignInFaces, faces: CommandFaces): CommandServices {
  return {
    ...core,
    ...signIn,
    ...faces,
    clipboard: new TokenClipboard({ clipboard: () => vscode.env.clipboard, clock: core.clock }),
    targets: new Targets(core),
    introspections: new CheckDocuments(faces.introspections, core.clock),
    reports: new CheckDocuments(faces.reports, core.clock),
  };
}
