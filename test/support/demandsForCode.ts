/** Texts with which servers demand a one-time code, and their form. */
export const demandsForCode: readonly (readonly [
  string,
  { readonly as?: 'text' | 'json'; readonly status?: number },
])[] = [
  ['Unauthorized: TOTP required', {}],
  ['Unauthorized: Authentication code required', {}],
  ['Verification code missing', {}],
  ['Forbidden: Two-factor authentication required', { status: 403 }],
  ['Unauthorized: Bestätigungscode erforderlich', {}],
  ['Second factor required', { as: 'json' }],
  ['Zwei-Faktor-Authentifizierung erforderlich', { as: 'json' }],
  ['Einmalpasswort fehlt', { as: 'json', status: 403 }],
  ['Authenticator code', { as: 'json', status: 400 }],
];
