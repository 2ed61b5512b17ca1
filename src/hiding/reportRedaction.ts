import { redactTokens, redactUserInfos } from './redaction';

/** Removes the home folder (which names the user), credentials in addresses, and tokens. */
export function redactReport(text: string, homeFolder: string): string {
  const forms = [homeFolder, homeFolder.replaceAll('\\', '/'), homeFolder.replaceAll('\\', '\\\\')].filter(
    (form) => form.length > 1,
  );
  const withoutHome = forms.reduce((rest, form) => rest.replaceAll(form, '~'), text);
  return redactTokens(redactUserInfos(withoutHome), '…');
}
