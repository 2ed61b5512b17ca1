import * as vscode from 'vscode';

/** Sets a context key, which `when` clauses of the manifest can use. */
export type SetContext = (key: string, value: boolean | number) => void;

export const setContext: SetContext = (key, value) => void vscode.commands.executeCommand('setContext', key, value);
