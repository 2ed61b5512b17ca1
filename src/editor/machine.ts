import { hostname } from 'node:os';
import * as vscode from 'vscode';

/** The name of the machine that the extension runs on, if the window is connected to another machine. */
export function machineName(): string | undefined {
  return vscode.env.remoteName === undefined ? undefined : hostname();
}
