/** The names that `package.json` declares; a test compares the two. */

export const EXTENSION_ID = 'zeyos.zeyos-auth';
export const PROVIDER = { id: 'zeyos', label: 'ZeyOS' } as const;
/** The provider of the MCP servers that are offered to agents. */
export const MCP_PROVIDER = { id: 'zeyos.mcp', label: 'ZeyOS' } as const;
export const STATUS_BAR_ITEM = 'zeyos.status';
export const CONFIGURATION = 'zeyos';
/** The editor's setting for the default profile names a profile by its title, which is therefore not translated. */
export const TERMINAL_PROFILE = { id: 'zeyos.terminal', title: 'ZeyOS' } as const;

export const ACCOUNTS_VIEW = 'zeyos.accounts';
export const VIEW_CONTAINER = 'zeyos';

/** The context keys that the manifest's `when` clauses and the steps of the walkthrough use. */
export const CONTEXT_KEYS = {
  hasInstances: 'zeyos.hasInstances',
  isSignedIn: 'zeyos.isSignedIn',
  walkthroughShown: 'zeyos.walkthroughShown',
} as const;

export const WALKTHROUGH = 'zeyos.welcome';

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
  'zeyos.openTerminal',
  'zeyos.copyRequest',
  'zeyos.diagnose',
  'zeyos.showLog',
  'zeyos.refreshDocument',
  'zeyos.showRawResponse',
  'zeyos.copyReport',
  'zeyos.showEarlierChecks',
  'zeyos.importFromCli',
] as const;

/** Commands of the rows in Show Sessions and of the Accounts view. The Command Palette does not list them. */
export const LIST_COMMANDS = [
  'zeyos.accounts.signInAgain',
  'zeyos.accounts.signInWithAnotherAccount',
  'zeyos.accounts.enterClientSecret',
  'zeyos.accounts.enterRevocationSecret',
  'zeyos.accounts.setApplicationSecret',
  'zeyos.accounts.makeActive',
  'zeyos.accounts.addInstanceAgain',
  'zeyos.accounts.copyUrl',
  'zeyos.accounts.editInSettings',
  'zeyos.accounts.withdrawAgents',
] as const;

/**
 * Commands for the code of other extensions. The manifest does not declare them, so that the Command Palette does not
 * list them.
 */
export const API_COMMANDS = {
  activeInstance: 'zeyos.api.activeInstance',
  reportRefused: 'zeyos.api.reportRefused',
} as const;

export type CommandId = (typeof COMMANDS)[number];
export type ListCommandId = (typeof LIST_COMMANDS)[number];
