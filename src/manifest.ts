/** The names that `package.json` declares; a test compares the two. */

export const EXTENSION_ID = 'zeyos.zeyos-auth';
export const PROVIDER = { id: 'zeyos', label: 'ZeyOS' } as const;
/** Of the MCP servers that are offered to agents. */
export const MCP_PROVIDER = { id: 'zeyos.mcp', label: 'ZeyOS' } as const;
export const STATUS_BAR_ITEM = 'zeyos.status';
export const CONFIGURATION = 'zeyos';

/** What the manifest's `when` clauses go by. */
export const CONTEXT_KEYS = { isSignedIn: 'zeyos.isSignedIn' } as const;

/** Keys below `zeyos`, with their defaults. */
export const SETTINGS = {
  instances: [] as readonly unknown[],
  expiryWarningMinutes: 30,
  checkIntervalMinutes: 15,
  staySignedIn: false,
  'mcp.enabled': false,
  'mcp.command': '',
} as const;

export const COMMANDS = [
  'zeyos.signIn',
  'zeyos.signOut',
  'zeyos.introspectToken',
  'zeyos.revokeToken',
  'zeyos.renewToken',
  'zeyos.addInstance',
  'zeyos.removeInstance',
  'zeyos.switchInstance',
  'zeyos.showSessions',
  'zeyos.copyAccessToken',
  'zeyos.openInstance',
  'zeyos.diagnose',
  'zeyos.showLog',
  'zeyos.importFromCli',
] as const;

/** Commands for other extensions' code; not in the palette, so not in the manifest. */
export const API_COMMANDS = {
  activeInstance: 'zeyos.api.activeInstance',
  reportRefused: 'zeyos.api.reportRefused',
} as const;

export type CommandId = (typeof COMMANDS)[number];
