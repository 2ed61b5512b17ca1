import * as vscode from 'vscode';

export type SetContext = (key: string, value: boolean | number) => void;

export const setContext: SetContext = (key, value) => void vscode.commands.executeCommand('setContext', key, value);
