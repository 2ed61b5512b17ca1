/** Where lines for a support person go; a `vscode.LogOutputChannel` is one. No line ever holds a secret. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A log that tells the lines of one operation from those of others. */
export interface GroupedLog extends Log {
  /** Runs `work` as one operation: the name stands before each of its lines, whether `work` awaits what it starts or not. */
  during<T>(name: string, work: () => T): T;
}
