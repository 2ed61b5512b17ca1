import * as vscode from 'vscode';
import { CONFIGURATION, SETTINGS } from '../manifest';
import type { InstancesSetting } from '../session/storage/instanceStore';

/** The setting's scope is `application`, so no workspace can add an instance. */
export const instancesSetting: InstancesSetting = {
  read: () => vscode.workspace.getConfiguration(CONFIGURATION).get<unknown>('instances', SETTINGS.instances),
  write: (entries) =>
    vscode.workspace.getConfiguration(CONFIGURATION).update('instances', entries, vscode.ConfigurationTarget.Global),
  onDidChange: (listener) =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${CONFIGURATION}.instances`)) listener();
    }),
};
