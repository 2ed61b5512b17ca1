import * as vscode from 'vscode';
import { CONFIGURATION } from '../../manifest';
import type { PlatformUrl } from '../../zeyos/address/platform';
import { urlIn } from './settingsText';

/** Opens the settings file at the instance's URL. */
export async function showEntry(platform: PlatformUrl): Promise<void> {
  // The command's name says "application" because every profile reads the instances from the settings of the default
  // profile.
  await vscode.commands.executeCommand('workbench.action.openApplicationSettingsJson', {
    revealSetting: { key: `${CONFIGURATION}.instances` },
  });
  const editor = vscode.window.activeTextEditor;
  const found = editor && urlIn(editor.document.getText(), platform);
  if (!found) return;
  const { document } = editor;
  editor.selection = new vscode.Selection(document.positionAt(found.start), document.positionAt(found.end));
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
