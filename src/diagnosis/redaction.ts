/** What a token looks like, should one ever get into a text: ZeyOS's own, and what stands behind a scheme of HTTP. */
const TOKEN = /\b[a-f0-9]{40}\b|\b(?:basic|bearer)\s+[A-Za-z0-9\-._~+/]{8,}=*/gi;

/** Takes out of a text what nobody should paste: the home folder (which names the user), credentials in addresses, tokens. */
export function redacted(text: string, homeFolder: string): string {
  const forms = [homeFolder, homeFolder.replaceAll('\\', '/'), homeFolder.replaceAll('\\', '\\\\')].filter((form) => form.length > 1);
  const withoutHome = forms.reduce((rest, form) => rest.replaceAll(form, '~'), text);
  return withoutHome.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@`'"]+@/gi, '$1').replace(TOKEN, '…');
}
