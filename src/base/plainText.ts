/**
 * Makes untrusted text safe to show: removes invisible characters, folds white space, and cuts it to `length`
 * characters. The result is for a place that renders no markup; escape it for Markdown.
 */
export function plainText(text: string, length = 64): string {
  const visible = text
    .replace(/[\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const characters = [...visible];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : visible;
}

/** The shape of a secret: ZeyOS's tokens are 40 hexadecimal digits. */
const SECRET = /\b(basic|bearer)\s+[A-Za-z0-9\-._~+/]+=*|\b[a-f0-9]{40}\b/gi;

/** Safety net: replaces anything that looks like a secret in a text for people. */
export function withoutSecrets(text: string, instead: string): string {
  return text.replace(SECRET, instead);
}

/** Writes untrusted text as a code span, in which the editor renders neither markup nor links. */
export function codeSpan(text: string): string {
  return `\`${(harmlessText(text) ?? '…').replaceAll('`', "'")}\``;
}

/** Removes the user names and passwords from the addresses in a text. */
export function withoutUserInfos(text: string): string {
  return text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s`"]+/gi, withoutUserInfo);
}

/**
 * Removes the user name and the password from an address. It removes everything up to the last @, because people write
 * passwords without encoding them.
 */
export function withoutUserInfo(address: string): string {
  return address.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1');
}

/** Keeps notifications and prompts from rendering quoted text as a link or an icon. */
export function inert(text: string): string {
  return text.replace(/\](?=\s*\()/g, ']\u200b').replace(/\$(?=\()/g, '$\u200b');
}

/**
 * The server's own words, made inert for a notification or a prompt. Returns `undefined` if there are none, or if they
 * would become a link.
 */
export function harmlessText(text: string | undefined): string | undefined {
  const shown = text && withoutSecrets(plainText(text, 200), '…');
  return !shown || /\]\s*\(|command:|\$\(/i.test(shown) ? undefined : shown;
}
