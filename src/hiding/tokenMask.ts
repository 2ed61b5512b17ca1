/** Shows enough to tell a token from another, and too little to use it. */
export function maskToken(token: string): string {
  return token.length < 16 ? '…' : `${token.slice(0, 4)}…${token.slice(-4)}`;
}
