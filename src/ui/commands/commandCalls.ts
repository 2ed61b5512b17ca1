import { showFailure } from '../../dialog/report';
import type { FirstRead } from '../../session/storage/firstRead';
import { openTerminal } from '../terminal/openTerminal';
import { parseArgument, type CommandArgument } from './target/commandArgument';
import type { CommandContext, LoadedCommandId } from './commands';
import type { CommandServices } from './commandServices';
import { copyRequest } from './copyRequest';
import { importFromCli } from './importFromCli';
import { addInstance, openInstance, removeInstance, switchInstance } from './instanceCommands';
import {
  copyUrl,
  editInSettings,
  enterSecretForRevocation,
  setApplicationSecret,
  signInWithAnotherAccount,
  withdrawAgents,
} from './listCommands';
import { renewToken, signIn, signOut } from './sessionCommands';
import { showSessions } from './showSessions';
import { copyAccessToken, introspectToken, revokeToken } from './tokenCommands';
import { sessionsUnread } from './target/userErrors';

/** `given` is the editor's own argument: a document's URI for an action in its title bar. */
type Body = (services: CommandServices, argument: CommandArgument, given: unknown) => unknown;

const documents = () => import('./documentCommands.js');

/** Rarely called bodies are loaded apart. */
const BODIES: Record<LoadedCommandId, Body> = {
  'zeyos.signIn': signIn,
  'zeyos.signOut': signOut,
  'zeyos.introspectToken': introspectToken,
  'zeyos.renewToken': renewToken,
  'zeyos.revokeToken': revokeToken,
  'zeyos.addInstance': addInstance,
  'zeyos.removeInstance': removeInstance,
  'zeyos.switchInstance': switchInstance,
  'zeyos.showSessions': showSessions,
  'zeyos.copyAccessToken': copyAccessToken,
  'zeyos.openInstance': openInstance,
  'zeyos.openTerminal': openTerminal,
  'zeyos.copyRequest': copyRequest,
  'zeyos.diagnose': async (services, argument) => (await import('./diagnosisCommand.js')).diagnose(services, argument),
  'zeyos.refreshDocument': async (services, _, given) => (await documents()).refreshDocument(services, given),
  'zeyos.showRawResponse': async (services, _, given) => (await documents()).showRawResponse(services, given),
  'zeyos.copyReport': async (services, _, given) => (await documents()).copyReport(services, given),
  'zeyos.showEarlierChecks': async (services, _, given) => (await documents()).showEarlierChecks(services, given),
  'zeyos.importFromCli': importFromCli,
  'zeyos.accounts.signInAgain': signIn,
  'zeyos.accounts.signInWithAnotherAccount': signInWithAnotherAccount,
  'zeyos.accounts.enterClientSecret': renewToken,
  'zeyos.accounts.enterRevocationSecret': enterSecretForRevocation,
  'zeyos.accounts.setApplicationSecret': setApplicationSecret,
  'zeyos.accounts.makeActive': switchInstance,
  'zeyos.accounts.addInstanceAgain': (services, { instance }) =>
    addInstance(services, instance === undefined ? {} : { instance }),
  'zeyos.accounts.copyUrl': copyUrl,
  'zeyos.accounts.editInSettings': editInSettings,
  'zeyos.accounts.withdrawAgents': withdrawAgents,
};

/**
 * What a command does until the first read of the secret storage has ended.
 * - `required`: It waits, and fails if the storage does not answer.
 * - `optional`: It waits, and goes on without accounts if the read fails.
 * - `unused`: It does not wait.
 */
type AccountUse = 'required' | 'optional' | 'unused';

const ACCOUNT_USES: Record<LoadedCommandId, AccountUse> = {
  'zeyos.signIn': 'optional',
  'zeyos.signOut': 'required',
  'zeyos.introspectToken': 'required',
  'zeyos.renewToken': 'required',
  'zeyos.revokeToken': 'required',
  'zeyos.addInstance': 'optional',
  'zeyos.removeInstance': 'required',
  'zeyos.switchInstance': 'optional',
  'zeyos.showSessions': 'optional',
  'zeyos.copyAccessToken': 'required',
  'zeyos.openInstance': 'optional',
  'zeyos.openTerminal': 'required',
  'zeyos.copyRequest': 'optional',
  'zeyos.diagnose': 'unused',
  'zeyos.refreshDocument': 'optional',
  'zeyos.showRawResponse': 'unused',
  'zeyos.copyReport': 'unused',
  'zeyos.showEarlierChecks': 'unused',
  'zeyos.importFromCli': 'unused',
  'zeyos.accounts.signInAgain': 'optional',
  'zeyos.accounts.signInWithAnotherAccount': 'optional',
  'zeyos.accounts.enterClientSecret': 'required',
  'zeyos.accounts.enterRevocationSecret': 'required',
  'zeyos.accounts.setApplicationSecret': 'optional',
  'zeyos.accounts.makeActive': 'optional',
  'zeyos.accounts.addInstanceAgain': 'optional',
  'zeyos.accounts.copyUrl': 'unused',
  'zeyos.accounts.editInSettings': 'unused',
  'zeyos.accounts.withdrawAgents': 'optional',
};

/** The results of commands that failed or were cancelled, if not `undefined`. */
const FAILED: Partial<Record<LoadedCommandId, unknown>> = { 'zeyos.revokeToken': false };

/**
 * Shows a failure instead of throwing it.
 * @returns the command's result; after a failure or a cancellation, see {@link FAILED}
 */
export function callCommand(id: LoadedCommandId, argument: unknown, context: CommandContext): unknown {
  const { log, firstRead, services } = context;
  return log.during(id.slice('zeyos.'.length), async () => {
    try {
      if (ACCOUNT_USES[id] !== 'unused') await waitForAccounts(id, firstRead);
      return await BODIES[id](await services(), parseArgument(argument), argument);
    } catch (error) {
      showFailure(error, log, () => callCommand(id, argument, context));
      return FAILED[id];
    }
  });
}

/** @throws {UserError} the first read takes too long or fails, and the command requires the accounts */
export async function waitForAccounts(id: LoadedCommandId, firstRead: FirstRead): Promise<void> {
  try {
    await firstRead.done();
  } catch (error) {
    if (ACCOUNT_USES[id] === 'required') throw sessionsUnread(error);
  }
}
