import * as vscode from 'vscode';
import type { ReadOnlyDocuments } from '../../editor/documents';
import type { Services } from '../../services';
import type { SignInFaces } from '../../signIn/signInServices';
import { Targets } from './target';
import { TokenClipboard } from './tokenClipboard';

/** What only the commands need of the editor. */
export interface CommandFaces {
  /** The extension's version, for the diagnosis report. */
  readonly version: string;
  /** One document for each account, replaced by the next answer. */
  readonly introspections: ReadOnlyDocuments;
  readonly reports: ReadOnlyDocuments;
}

/** Everything that the bodies of the commands work with. */
export interface CommandServices extends Services, SignInFaces, CommandFaces {
  readonly clipboard: TokenClipboard;
  readonly targets: Targets;
}

export function createCommandServices(core: Services, signIn: SignInFaces, faces: CommandFaces): CommandServices {
  const clipboard = new TokenClipboard({ clipboard: () => vscode.env.clipboard, now: core.now });
  return { ...core, ...signIn, ...faces, clipboard, targets: new Targets(core) };
}
