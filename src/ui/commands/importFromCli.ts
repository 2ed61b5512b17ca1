import { homedir } from 'node:os';
import * as path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { confirm } from '../../dialog/confirm';
import { StorageError } from '../../dialog/failure/errors';
import { InstanceFailure } from '../../dialog/failure/instanceFailure';
import { notify } from '../../dialog/notifications';
import { runCommand } from '../../dialog/ownCommand';
import { pickSeveral } from '../../dialog/pickSeveral';
import { UserError } from '../../dialog/report';
import { machineName } from '../../editor/machine';
import { discover, userFiles, type Discovery, type FoundConnection } from '../../handover/commandLine/discovery';
import { readSmallFile } from '../../handover/commandLine/readFile';
import type { ClientSecrets } from '../../session/storage/clientSecrets';
import type { InstanceStore } from '../../session/storage/instanceStore';
import { connectionDetail, connectionName, discoveryNotes, importDetail, shownFile } from '../words/commandLineWords';
import type { CommandArgument } from './target/commandArgument';
import { looksLikeUrl, PlatformUrl } from '../../zeyos/address/platform';
import type { Clock } from '../../base/clock';

interface ImportServices {
  readonly instances: InstanceStore;
  readonly clientSecrets: ClientSecrets;
  readonly clock: Clock;
}

/**
 * Adds the connections of ZeyOS's command line that the user chooses, without their tokens. Resolves to the number of
 * added instances.
 * @throws {vscode.CancellationError}
 */
export async function importFromCli(services: ImportServices, argument: CommandArgument): Promise<number> {
  const { instances, clientSecrets } = services;
  const discovery = await discoverHere();
  const notes = discoveryNotes(discovery, homedir());
  const added = discovery.connections.filter(({ platform }) => instances.find(platform));
  const offered = discovery.connections.filter((connection) => !added.includes(connection));
  if (added.length === 0 && offered.length === 0) throw nothingFound(notes);
  if (offered.length === 0) {
    notify(
      'information',
      [l10n.t('All connections of the ZeyOS command line have already been added: {0}.', added.length), ...notes].join(
        ' ',
      ),
    );
    mentionPins(discovery, instances);
    return 0;
  }
  const chosen = await choose(offered, argument, added.length, services.clock.now());
  if (chosen.length === 0) throw new vscode.CancellationError();
  const withSecret = argument.instance === undefined ? await chooseSecrets(chosen) : [];
  await confirm(
    chosen.length === 1
      ? l10n.t('Add one ZeyOS instance from the command line?')
      : l10n.t('Add {0} ZeyOS instances from the command line?', chosen.length),
    importDetail(chosen, withSecret, notes, { machine: machineName(), home: homedir() }),
    l10n.t('Add'),
  );
  for (const connection of chosen) await add(connection, withSecret.includes(connection), { instances, clientSecrets });
  const [first] = chosen;
  notify(
    'information',
    chosen.length === 1 && first
      ? l10n.t('The instance {0} has been added. Sign in to use it.', connectionName(first))
      : l10n.t('{0} ZeyOS instances have been added. Sign in to use them.', chosen.length),
    {
      [l10n.t('Sign In')]: () =>
        runCommand('zeyos.signIn', chosen.length === 1 && first ? { instance: first.platform.href } : undefined),
    },
  );
  mentionPins(discovery, instances);
  return chosen.length;
}

/** Reads the user's files, and those in the folders of a trusted workspace. */
export function discoverHere(): Promise<Discovery> {
  const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
  return discover({
    home: homedir(),
    folders: folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath),
    paths: path,
    read: readSmallFile,
  });
}

/** Tells the user which folders have a profile of another platform than the active one. */
export function mentionPins({ pins }: Discovery, instances: InstanceStore): void {
  for (const { file, profile, platform } of pins) {
    const instance = platform && instances.find(platform);
    const { active } = instances;
    if (!instance || !active || instance === active) continue;
    notify(
      'information',
      l10n.t(
        '{0} selects the profile {1} of the command line ({2}), but the active instance is {3}.',
        shownFile(file, homedir()),
        profile,
        instance.platform.label,
        active.platform.label,
      ),
      { [l10n.t('Switch')]: () => runCommand('zeyos.switchInstance', { instance: instance.platform.href }) },
    );
  }
}

async function choose(
  offered: readonly FoundConnection[],
  { instance }: CommandArgument,
  addedCount: number,
  now: number,
): Promise<readonly FoundConnection[]> {
  if (instance !== undefined) return matching(offered, instance);
  const machine = machineName();
  return pickSeveral(
    offered.map((connection) => ({
      label: connectionName(connection),
      description: connection.platform.label,
      detail: connectionDetail(connection, homedir(), now, vscode.env.language),
      // A file in a folder may come from another person, so it is not ticked.
      picked: !connection.isFromFolder,
      value: connection,
    })),
    {
      title:
        machine === undefined
          ? l10n.t('Import from the ZeyOS Command Line')
          : l10n.t('Import from the ZeyOS Command Line on {0}', machine),
      placeholder:
        addedCount === 0
          ? l10n.t('Select the connections to add')
          : l10n.t('Select the connections to add (already added: {0})', addedCount),
    },
  );
}

/** @throws {UserError} the argument names none of the connections */
function matching(offered: readonly FoundConnection[], text: string): readonly FoundConnection[] {
  const href = looksLikeUrl(text) ? PlatformUrl.tryParse(text)?.href : undefined;
  const found = offered.filter(
    ({ platform, profile }) => platform.href === href || platform.instanceName === text || profile === text,
  );
  if (found.length > 0) return found;
  throw new UserError(l10n.t('The ZeyOS command line has no such connection that could be added.'));
}

/** Asks for which connections to save the client secret. None is ticked at first. */
async function chooseSecrets(chosen: readonly FoundConnection[]): Promise<readonly FoundConnection[]> {
  const withSecret = chosen.filter(({ clientSecret }) => clientSecret !== undefined);
  if (withSecret.length === 0) return [];
  return pickSeveral(
    withSecret.map((connection) => ({
      label: l10n.t('Client secret of {0}', connectionName(connection)),
      description: l10n.t('client ID {0}', connection.clientId ?? ''),
      detail: connection.platform.href,
      picked: false,
      value: connection,
    })),
    {
      title: l10n.t('Take Over Client Secrets Too?'),
      placeholder: l10n.t('Select the secrets to keep in the secret storage, or continue without any'),
    },
  );
}

async function add(
  { platform, profile, clientId, clientSecret }: FoundConnection,
  withSecret: boolean,
  { instances, clientSecrets }: Pick<ImportServices, 'instances' | 'clientSecrets'>,
): Promise<void> {
  const instance = await instances.add(platform, profile ?? platform.instanceName);
  if (clientId === undefined) return;
  await instances.setClientId(instance, clientId);
  if (!withSecret || clientSecret === undefined) return;
  try {
    await clientSecrets.store(platform, { clientId, clientSecret });
  } catch (cause) {
    throw new InstanceFailure(platform, new StorageError('change', { cause }));
  }
}

function nothingFound(notes: readonly string[]): UserError {
  const machine = machineName();
  const files = userFiles({ home: '~', paths: path }).join(', ');
  const message =
    machine === undefined
      ? l10n.t('No connections of the ZeyOS command line were found in {0}.', files)
      : l10n.t('No connections of the ZeyOS command line were found on {0} in {1}.', machine, files);
  return new UserError([message, ...notes].join(' '), {
    [l10n.t('Add Instance')]: () => runCommand('zeyos.addInstance'),
  });
}
