import { basename, join } from 'node:path';

/** Environment variables for the small commands of a ZeyOS terminal. None of them holds a token. */
export const VARIABLES = {
  /** Its socket or pipe leads to the editor window. */
  handle: 'ZEYOS_TERMINAL_HANDLE',
  /** A request begins with it. */
  secret: 'ZEYOS_TERMINAL_SECRET',
  /** Printed if the window does not answer. */
  gone: 'ZEYOS_TERMINAL_GONE',
  /** The editor's own Node. */
  node: 'ZEYOS_TERMINAL_NODE',
  /** The program that requests a token. */
  helper: 'ZEYOS_TERMINAL_HELPER',
  /** The absolute path of ZeyOS's command line, if found. */
  cli: 'ZEYOS_TERMINAL_CLI',
} as const;

/** These variables give access to the window, so the commands of a terminal do not inherit them. */
export const NOT_INHERITED: readonly string[] = [
  'ELECTRON_RUN_AS_NODE',
  VARIABLES.handle,
  VARIABLES.secret,
  VARIABLES.gone,
];

/** These variables may name another account or platform than the editor's. */
export const FOREIGN_CREDENTIALS: readonly string[] = [
  'ZEYOS_TOKEN',
  'ZEYOS_REFRESH_TOKEN',
  'ZEYOS_CLIENT_ID',
  'ZEYOS_CLIENT_SECRET',
  'ZEYOS_PROFILE',
  'ZEYOS_INSTANCE',
  'ZEYSDK_SERVER',
  'ZEYSDK_TOKEN',
];

/** Keeps ZeyOS's command line from renewing, saving or revoking a token that belongs to the editor. */
export const KEPT_BY_EDITOR = { ZEYOS_NO_REFRESH: '1', ZEYOS_CREDENTIALS_READONLY: '1' } as const;

/** The small commands' exit code without a token. */
export const NO_TOKEN = 3;

export const LONGEST_REQUEST_BYTES = 64 * 1024;
/** For sending a request, or reading its response. */
export const TRANSFER_MS = 2_000;
/** How long the helper waits for a response. The window may have to renew the token first. */
export const ANSWER_MS = 60_000;

/** A request for a token, or for the reason why a small command does not run. */
export type HandleRequest =
  | { readonly ask: 'token'; /** The name that the user typed, without arguments. */ readonly command: string }
  | { readonly ask: 'showToken' | 'notInstalled' };

/** A token and the only URL that it may be sent to, or a sentence that tells the user why there is none. */
export type HandleAnswer = { readonly token: string; readonly baseUrl: string } | { readonly refusal: string };

export function addressOf(folder: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, 's');
}

/** The file says why the handle has ended. */
export function noteOf(folder: string): string {
  return join(folder, 'ended');
}
