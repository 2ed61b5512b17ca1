import { hostname } from 'node:os';
import * as vscode from 'vscode';

/** Returns the name only if the window is connected to another machine. */
export function machineName(): string | undefined {
  return vscode.env.remoteName === undefined ? undefined : hostname();
}
