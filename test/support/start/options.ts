export interface StartOptions {
  readonly desktop: boolean;
  readonly open: boolean;
  readonly port: number;
  readonly sandboxPort: number;
}

export interface RunningEditor {
  /** What the user must know to use it. */
  readonly introduction: string;
  /** Shows it, where it does not show by itself. */
  open(): void;
  /** Resolves, if the editor ends by itself, to what to say. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}
