/** What a secret looks like: ZeyOS's tokens are 40 hexadecimal digits. */
const SECRET = /\b(basic|bearer)\s+[A-Za-z0-9\-._~+/]+=*|\b[a-f0-9]{40}\b/gi;

/** Takes out what looks like a secret, should a mistake ever send one to where people read. */
export function redactTokens(text: string, instead: string): string {
  return text.replace(SECRET, instead);
}

/** A text without the user names and the passwords in its addresses. */
export function redactUserInfos(text: string): string {
  return text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s`"]+/gi, redactUserInfo);
}

/**
 * An address without the user name and the password in it: all up to the last @, as people put passwords there as they
 * are.
 */
export function redactUserInfo(address: string): string {
  return address.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1');
}
