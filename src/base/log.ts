/** Takes lines for a support person; a `vscode.LogOutputChannel` is one. No line may hold a secret. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A log that marks the lines of one operation. */
export interface GroupedLog extends Log {
  /**
   * Runs `work` as one operation: its name precedes each line that `work` logs, also in calls that `work` does not
   * await.
   */
  during<T>(name: string, work: () => T): T;
}
