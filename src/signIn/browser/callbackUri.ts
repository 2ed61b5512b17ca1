export const CALLBACK_PATH = '/callback';

/** It has to be registered in ZeyOS exactly like this. */
export function callbackUri(port: number): string {
  return `http://127.0.0.1:${port}${CALLBACK_PATH}`;
}
