/** The path that ZeyOS redirects the browser to. */
export const CALLBACK_PATH = '/callback';

/** The redirect URI for a port of this machine; it has to be registered in ZeyOS exactly like this. */
export function callbackUri(port: number): string {
  return `http://127.0.0.1:${port}${CALLBACK_PATH}`;
}
