import * as l10n from '@vscode/l10n';
import { describeInstanceProblem } from '../../dialog/failure/problemSentences';
import type { Discovery, FileNote, FoundConnection } from '../../handover/commandLine/discovery';
import { plainText } from '../../hiding/plainText';
import { momentText } from './words';

/** Names a connection in a list that shows its platform beside it. */
export function connectionName({ profile, platform }: FoundConnection): string {
  return profile ?? platform.instanceName;
}

export function connectionDetail(connection: FoundConnection, home: string, now: number, locale: string): string {
  const { isFromFolder, file, clientId, signedInUntil } = connection;
  return [
    ...(isFromFolder ? [l10n.t('from the folder file {0}', shownFile(file, home))] : []),
    ...(clientId === undefined ? [] : [l10n.t('client ID {0}', clientId)]),
    ...(signedInUntil !== undefined && signedInUntil > now
      ? [l10n.t('signed in on the command line until {0}', momentText(signedInUntil, locale))]
      : []),
  ].join(', ');
}

export function importDetail(
  chosen: readonly FoundConnection[],
  withSecret: readonly FoundConnection[],
  notes: readonly string[],
  { machine, home }: { readonly machine: string | undefined; readonly home: string },
): string {
  const lines = chosen.map((connection) =>
    [
      connection.platform.href,
      ...(connection.clientId === undefined ? [] : [l10n.t('client ID {0}', connection.clientId)]),
      ...(withSecret.includes(connection) ? [l10n.t('with its client secret')] : []),
      ...(connection.isFromFolder ? [l10n.t('from the folder file {0}', shownFile(connection.file, home))] : []),
    ].join(', '),
  );
  const hosts = [...new Set(chosen.map(({ platform }) => platform.host))].join(', ');
  return [
    lines.join('\n'),
    l10n.t(
      'When you sign in, your password is sent to {0}. Add only instances that you trust. Tokens are not taken over: you sign in here separately.',
      hosts,
    ),
    ...(chosen.some(({ clientId }) => clientId !== undefined)
      ? [
          l10n.t(
            'ZeyOS keeps one set of tokens for each user and application. If you sign in through the browser with the client ID of the command line, the command line may be signed out. An application of its own for this editor avoids that.',
          ),
        ]
      : []),
    ...(machine === undefined ? [] : [l10n.t('The files are on the machine {0}.', machine)]),
    ...notes,
  ].join('\n\n');
}

/** Writes each problem of the files and their connections in a sentence. */
export function discoveryNotes({ notes, problems }: Discovery, home: string): readonly string[] {
  return [
    ...notes.map((note) => noteText(note, shownFile(note.file, home))),
    ...problems.map(({ profile, file, problem }) =>
      profile === undefined
        ? l10n.t('The connection in {0} cannot be used. {1}', shownFile(file, home), describeInstanceProblem(problem))
        : l10n.t('The profile {0} cannot be used. {1}', profile, describeInstanceProblem(problem)),
    ),
  ];
}

/** Shows `~` instead of the home folder. */
export function shownFile(file: string, home: string): string {
  return plainText(file.startsWith(home) ? `~${file.slice(home.length)}` : file, 200);
}

function noteText({ note, target }: FileNote, file: string): string {
  switch (note) {
    case 'exposed':
      return l10n.t(
        'Other users of this machine can read {0}, and the tokens in it. Restrict it to your user (chmod 600).',
        file,
      );
    case 'link':
      return target === undefined
        ? l10n.t('{0} was not read, because it is a symbolic link.', file)
        : l10n.t('{0} is a symbolic link to {1}.', file, plainText(target, 200));
    case 'damaged':
      return l10n.t('{0} is damaged: it does not contain valid JSON.', file);
    case 'notAFile':
      return l10n.t('{0} was not read, because it is not a file.', file);
    case 'tooLarge':
      return l10n.t('{0} was not read, because it is larger than 1 MiB.', file);
    case 'foreign':
      return l10n.t('{0} was not read, because it belongs to another user of this machine.', file);
    case 'unreadable':
      return l10n.t('{0} cannot be read.', file);
  }
}
