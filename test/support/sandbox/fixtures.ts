import type { SandboxApplication } from './applications';
import type { SandboxInstanceOptions } from './instances';
import { acmeRecords, demoRecords } from './rest/samples';

// `as const satisfies` keeps names and passwords literal, so that a test can use `demo.users[0].password`.

export const maxPower = {
  name: 'max.power',
  password: 's3cret',
  sub: '7',
  displayName: 'Max Power',
  email: 'max.power@example.com',
} as const;

/** Has everything that breaks a careless Basic header: a colon, blanks, and letters outside ASCII. */
export const juergen = { name: 'jürgen', password: 'pä:ss wörd ß', sub: '8', displayName: 'Jürgen Groß' } as const;

export const olga = {
  name: 'olga',
  password: 'otp-pass',
  sub: '9',
  otp: '123456',
  displayName: 'Olga Orlova',
} as const;

/** Has the redirect URI that ZeyOS’s command line registers. */
export const vscodeApplication = {
  id: 6,
  client_id: 'vscode',
  client_secret: 'vscode-secret',
  redirect_uris: ['http://127.0.0.1:9005/callback'],
  anyLoopbackPort: true,
} as const satisfies SandboxApplication;

export const demo = {
  name: 'demo',
  users: [maxPower, juergen, olga],
  applications: [vscodeApplication],
  apis: ['authV1', 'oauth2'],
  records: demoRecords,
} as const satisfies SandboxInstanceOptions;

/** Has the same user name as `demo` for another user, with another password and id. */
export const acme = {
  name: 'acme',
  users: [{ name: 'max.power', password: 'other-s3cret', sub: '12', displayName: 'Max Power (Acme)' }],
  records: acmeRecords,
} as const satisfies SandboxInstanceOptions;

export const shop = {
  name: 'shop',
  users: [{ name: 'shopkeeper', password: 'open-sesame', sub: '3', displayName: 'Shopkeeper' }],
} as const satisfies SandboxInstanceOptions;

export const hans = { name: 'hans', password: 'alt-passwort', sub: '5', displayName: 'Hans Alt' } as const;

export const lotte = { name: 'lotte', password: 'alt-otp', sub: '6', otp: '654321', displayName: 'Lotte Alt' } as const;

/** Has only the legacy login. */
export const legacy = {
  name: 'legacy',
  users: [hans, lotte],
  apis: ['legacy'],
} as const satisfies SandboxInstanceOptions;

export const defaultInstances: readonly SandboxInstanceOptions[] = [demo, acme, shop, legacy];
