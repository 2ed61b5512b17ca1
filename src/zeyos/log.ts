/** Where lines for a support person go; a `vscode.LogOutputChannel` is one. No line ever holds a secret. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
