import { withoutSecrets, withoutUserInfos } from '../base/plainText';

/**
 * Removes what a user should not publish: the home folder (which contains the user's name), credentials in addresses,
 * and tokens.
 */
export function redacted(text: string, homeFolder: string): string {
  const forms = [homeFolder, homeFolder.replaceAll('\\', '/'), homeFolder.replaceAll('\\', '\\\\')].filter(
    (form) => form.length > 1,
  );
  const withoutHome = forms.reduce((rest, form) => rest.replaceAll(form, '~'), text);
  return withoutSecrets(withoutUserInfos(withoutHome), '…');
}
