export interface StartOptions {
  readonly desktop: boolean;
  readonly open: boolean;
  readonly port: number;
  readonly sandboxPort: number;
}

export interface RunningEditor {
  /** Instructions for the user. */
  readonly introduction: string;
  /** Opens the editor’s window if it does not open by itself. */
  open(): void;
  /** Resolves to a message when the editor ends by itself. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}
