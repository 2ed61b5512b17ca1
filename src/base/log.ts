/** A log for the user and for support, such as a `vscode.LogOutputChannel`. No line may contain a secret. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface GroupedLog extends Log {
  /** Prefixes each line that `work` logs with the operation, even in calls that it does not await. */
  during<T>(name: string, work: () => T): T;
}
