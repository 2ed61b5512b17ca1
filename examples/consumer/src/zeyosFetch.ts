/*
 * Calls the API of a ZeyOS instance with a session of the extension "ZeyOS Authentication" (zeyos.zeyos-auth).
 * This file is meant to be copied: it imports nothing but `vscode`, and needs Node 20.3, which VS Code 1.100 has.
 */
import * as vscode from 'vscode';

export interface ZeyosRequestInit extends Omit<RequestInit, 'credentials' | 'redirect'> {
  /** How long one request may take until its body has been read, in milliseconds; 30 seconds unless told. */
  readonly timeoutMs?: number;
  /** If the session has ended, ask the user to sign in again. Only for what the user has just asked for. */
  readonly createIfNone?: boolean;
}

/**
 * Sends a request to the instance that a session belongs to, and never anywhere else. Redirects are not followed.
 *
 * If ZeyOS answers 401, reports the token, asks for the session again, and repeats the request once if the session has
 * another token. A 401 that is returned is final: the user has to sign in again, or the account lacks the right to use
 * the API.
 *
 * @param path Path and query below the platform URL, such as `/api/v1/tickets?x=1`. Values in it must be encoded
 * (`encodeURIComponent`).
 * @returns The answer, whatever its status but a redirect.
 * @throws {TypeError} if the path leads out of the instance, or the session is none of ZeyOS. Nothing has been sent
 * then.
 * @throws {Error} if ZeyOS does not answer in time, cannot be reached, or redirects.
 * @throws The reason of `init.signal` once that is aborted; and whatever `getSession` rejects with if the user cancels
 * (`createIfNone`).
 */
export async function zeyosFetch(
  session: vscode.AuthenticationSession,
  path: string,
  init: ZeyosRequestInit = {},
): Promise<Response> {
  const url = zeyosUrl(session, path);
  const response = await send(url, session, init);
  if (response.status !== 401) return response;
  const next = await untilAborted(sessionAfterRefusal(session, init.createIfNone ?? false), init.signal);
  // A stream has been read by the first request.
  if (!next || next.accessToken === session.accessToken || isStream(init.body)) return response;
  await response.body?.cancel();
  return send(url, next, init);
}

/**
 * The URL of a path below the platform URL of a session's account.
 * @throws {TypeError} if the path leads out of the instance, or the session is none of ZeyOS.
 */
export function zeyosUrl(session: vscode.AuthenticationSession, path: string): URL {
  const platform = platformOf(session);
  const problem = problemOf(path);
  // The path is not quoted: the editor would show a link in it as a link.
  if (problem !== undefined) throw new TypeError(`This path ${problem}, so no token is sent.`);
  const base = platform.href.replace(/\/$/, '');
  const url = new URL(`${base}/${path.replace(/^\//, '')}`);
  // Whatever the checks above miss, the token stays on the instance.
  if (url.origin !== platform.origin || !url.href.startsWith(`${base}/`) || url.username !== '' || url.password !== '')
    throw new TypeError('This path leads out of the instance, so no token is sent.');
  return url;
}

/** The platform URL that a session's tokens are for. An account's ID is the platform URL, `#`, and the user. */
function platformOf({ account }: vscode.AuthenticationSession): URL {
  const [text = ''] = account.id.split('#', 1);
  const platform = account.id.includes('#') && URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(platform?.hostname ?? '');
  const isSecure = platform?.protocol === 'https:' || (platform?.protocol === 'http:' && isLoopback);
  if (!platform || !isSecure || platform.username !== '' || platform.password !== '' || platform.search !== '')
    throw new TypeError('This session is no session of ZeyOS, so its token is sent nowhere.');
  return platform;
}

/** What is wrong with a path, as the rest of a sentence. */
function problemOf(path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return 'is an absolute URL';
  // URL parsers drop tabs and line breaks, and trim: `/<tab>/host` would become `//host`.
  if (/[\s\p{Cc}\p{Cs}]/u.test(path)) return 'holds white space or a control character';
  if (path.includes('\\')) return 'holds a backslash, which is a slash to many servers';
  if (path.includes('#')) return 'holds a fragment, which is never sent';
  if (path.startsWith('//')) return 'names a host';
  const [pathname = ''] = path.split('?', 1);
  try {
    decodeURIComponent(pathname);
  } catch {
    return 'has a broken percent-encoding';
  }
  // Proxies and servers decode a path once or several times, so each form must stay on the instance.
  for (let form = pathname, decoded = decode(form); ; form = decoded, decoded = decode(form)) {
    const segments = form.normalize('NFKC').split(/[/\\]/);
    if (segments.length !== pathname.split('/').length) return 'holds an encoded slash or backslash';
    // Some servers cut parameters off a segment: `..;x` is `..` to them.
    if (segments.some((segment) => /^\.{1,2}(;|$)/.test(segment))) return 'climbs with a "." or ".." segment';
    if (/\p{Cc}/u.test(form)) return 'holds an encoded control character';
    if (form === decoded) return undefined;
  }
}

/** Decodes once; where the text is not UTF-8 in percent-encoding throughout, byte by byte. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
}

async function send(
  url: URL,
  { accessToken }: vscode.AuthenticationSession,
  init: ZeyosRequestInit,
): Promise<Response> {
  const { timeoutMs = 30_000, createIfNone: _, signal, ...rest } = init;
  const headers = new Headers(rest.headers);
  headers.set('Authorization', `Bearer ${accessToken}`);
  const deadline = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(url, {
      ...rest,
      headers,
      redirect: 'manual',
      credentials: 'omit',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
  } catch (error) {
    signal?.throwIfAborted();
    const problem = deadline.aborted ? `did not answer within ${timeoutMs / 1000} s` : 'cannot be reached';
    throw new Error(`ZeyOS at ${url.host} ${problem}.`, { cause: error });
  }
  if (
    response.type === 'opaqueredirect' ||
    (response.status >= 300 && response.status < 400 && response.status !== 304)
  ) {
    await response.body?.cancel();
    throw new Error(`ZeyOS at ${url.host} redirects this request (${response.status}). The token is not sent there.`);
  }
  return response;
}

/** Reports the token, and asks for the session again: for the same account, or for none. */
async function sessionAfterRefusal(
  { id, account }: vscode.AuthenticationSession,
  createIfNone: boolean,
): Promise<vscode.AuthenticationSession | undefined> {
  try {
    // The command works in each extension host; the extension's exports are visible in its own only.
    await vscode.commands.executeCommand('zeyos.api.reportRefused', id);
  } catch {
    // ZeyOS cannot be reached, so nothing is known about the token.
    return undefined;
  }
  const [platform = ''] = account.id.split('#', 1);
  const options = createIfNone ? { account, createIfNone: true as const } : { account, silent: true };
  const session = await vscode.authentication.getSession('zeyos', [platform], options);
  return session?.account.id === account.id ? session : undefined;
}

/** As the work does, unless the signal is aborted first; the work itself goes on. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function isStream(body: RequestInit['body']): boolean {
  return typeof body === 'object' && body !== null && (body instanceof ReadableStream || Symbol.asyncIterator in body);
}
