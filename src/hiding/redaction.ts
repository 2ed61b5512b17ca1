/** ZeyOS's tokens are 40 hexadecimal digits. */
const SECRET = /\b(basic|bearer)\s+[A-Za-z0-9\-._~+/]+=*|\b[a-f0-9]{40}\b/gi;

/** Safety net: redacts what looks like a secret. */
export function redactTokens(text: string, instead: string): string {
  return text.replace(SECRET, instead);
}

export function redactUserInfos(text: string): string {
  return text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s`"]+/gi, redactUserInfo);
}

/** Removes user name and password from an address: all up to the last @, because people do not escape passwords. */
export function redactUserInfo(address: string): string {
  return address.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1');
}
