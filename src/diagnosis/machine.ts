import { good, type Finding } from './finding';

/** Where the extension runs, as the editor reports it. */
export interface Place {
  readonly isWeb: boolean;
  /** The kind of remote machine, such as `ssh-remote`; absent: none. */
  readonly remoteName?: string | undefined;
  /** Whether the extension runs on the machine that shows the window. */
  readonly runsBesideWindow: boolean;
}

/** The machine that runs the extension sends the tokens to ZeyOS. */
export function judgeMachine({ isWeb, remoteName, runsBesideWindow }: Place): Finding {
  // In a browser, the remote name is the server's, and the extension host always runs there.
  if (isWeb) return good('machine.server');
  if (remoteName === undefined) return good('machine.local');
  return good(runsBesideWindow ? 'machine.besideWindow' : 'machine.remote', { remote: remoteName });
}
