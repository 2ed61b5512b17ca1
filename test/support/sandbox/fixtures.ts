import type { SandboxInstanceOptions } from './instances';

// `as const satisfies` keeps every name and password a literal, so a test can spell `demo.users[0].password`.

export const maxPower = { name: 'max.power', password: 's3cret', sub: '7', displayName: 'Max Power' } as const;

/** Everything that a careless Basic header breaks: a colon, blanks, and letters outside ASCII. */
export const juergen = { name: 'jürgen', password: 'pä:ss wörd ß', sub: '8', displayName: 'Jürgen Groß' } as const;

/** Needs a one-time code beside the password. */
export const olga = { name: 'olga', password: 'otp-pass', sub: '9', otp: '123456', displayName: 'Olga Orlova' } as const;

export const demo = { name: 'demo', users: [maxPower, juergen, olga] } as const satisfies SandboxInstanceOptions;

/** The same user name as on `demo`, and another person: the password and the id differ. */
export const acme = {
  name: 'acme',
  users: [{ name: 'max.power', password: 'other-s3cret', sub: '12', displayName: 'Max Power (Acme)' }],
} as const satisfies SandboxInstanceOptions;

export const shop = {
  name: 'shop',
  users: [{ name: 'shopkeeper', password: 'open-sesame', sub: '3', displayName: 'Shopkeeper' }],
} as const satisfies SandboxInstanceOptions;

export const defaultInstances: readonly SandboxInstanceOptions[] = [demo, acme, shop];
