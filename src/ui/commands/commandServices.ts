import * as vscode from 'vscode';
import type { ReadOnlyDocuments } from '../../editor/documents';
import type { Services } from '../../services';
import type { SignInFaces } from '../../signIn/signInServices';
import { CheckDocuments } from '../documents/checkDocuments';
import type { TerminalFaces } from '../terminal/terminals';
import { Targets } from './target';
import { TokenClipboard } from './tokenClipboard';

export interface CommandFaces extends TerminalFaces {
  readonly version: string;
  readonly introspections: ReadOnlyDocuments;
  readonly reports: ReadOnlyDocuments;
}

export interface CommandServices extends Services, SignInFaces, Omit<CommandFaces, 'introspections' | 'reports'> {
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
    introspections: new CheckDocuments(faces.introspections),
    reports: new CheckDocuments(faces.reports),
  };
}
