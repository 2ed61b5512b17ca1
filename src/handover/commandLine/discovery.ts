import { parseJsonObject, type JsonObject } from '../../base/json';
import { plainText } from '../../hiding/plainText';
import type { PlatformUrl } from '../../zeyos/address/platform';
import {
  parseConnection,
  parseProfiles,
  type Connection,
  type ConnectionProblem,
  type ParsedConnections,
} from './connection';
import type { FileRead, FileRefusal } from './readFile';

/** How many folders upwards ZeyOS's command line looks for `.zeyos`. */
const LEVELS = 20;

/** Part of Node's `path`. */
export interface Paths {
  join(...parts: string[]): string;
  dirname(path: string): string;
}

interface DiscoverySeams {
  readonly home: string;
  /** Of a trusted workspace. */
  readonly folders: readonly string[];
  readonly paths: Paths;
  readonly read: (file: string, followsLinks: boolean) => Promise<FileRead>;
}

export interface FoundConnection extends Connection {
  readonly file: string;
  /** Whether the file lies in or above a folder of the workspace. */
  readonly isFromFolder: boolean;
}

/** `exposed`: other users of this machine can read the file. `link`: the file is a link to `target`. */
export interface FileNote {
  readonly file: string;
  readonly note: 'exposed' | 'link' | 'damaged' | FileRefusal;
  readonly target?: string;
}

/** A `.zeyos/profile`, which sets the profile of a folder. */
interface Pin {
  readonly file: string;
  readonly profile: string;
  /** Absent if the profile does not exist. */
  readonly platform?: PlatformUrl;
}

export interface Discovery {
  /** One for each platform. The user's own comes before those of folders, and the active profile before the others. */
  readonly connections: readonly FoundConnection[];
  readonly problems: readonly (ConnectionProblem & { readonly file: string })[];
  readonly notes: readonly FileNote[];
  readonly pins: readonly Pin[];
}

export function userFiles({ home, paths }: Pick<DiscoverySeams, 'home' | 'paths'>): readonly string[] {
  return ['profiles.json', 'credentials.json'].map((name) => paths.join(home, '.config', 'zeyos', name));
}

export async function discover(seams: DiscoverySeams): Promise<Discovery> {
  const reading = new Reading(seams.read);
  const [profiles = '', credentials = ''] = userFiles(seams);
  const named = await reading.connections(profiles, false, parseProfiles);
  const found = [...named, ...(await reading.connections(credentials, false, parseUnlessEmpty))];
  const pins: Pin[] = [];
  for (const folder of seams.folders) {
    const above = foldersAbove(folder, seams.paths).map((each) => seams.paths.join(each, '.zeyos'));
    for (const each of above) {
      const file = seams.paths.join(each, 'auth.json');
      found.push(...(await reading.connections(file, true, parseUnlessEmpty)));
      if (reading.exists(file)) break;
    }
    const pin = await firstPin(above, named, seams);
    if (pin && !pins.some(({ file }) => file === pin.file)) pins.push(pin);
  }
  return { connections: oneForEachPlatform(found), problems: reading.problems, notes: reading.notes, pins };
}

/** Reads each file once, and collects the warnings. */
class Reading {
  readonly notes: FileNote[] = [];
  readonly problems: (ConnectionProblem & { readonly file: string })[] = [];
  readonly #read: DiscoverySeams['read'];
  readonly #results = new Map<string, FileRead>();

  constructor(read: DiscoverySeams['read']) {
    this.#read = read;
  }

  exists(file: string): boolean {
    return this.#results.get(file)?.kind !== 'absent';
  }

  async connections(
    file: string,
    isFromFolder: boolean,
    parse: (content: JsonObject) => ParsedConnections,
  ): Promise<readonly FoundConnection[]> {
    if (this.#results.has(file)) return [];
    const result = await this.#read(file, !isFromFolder);
    this.#results.set(file, result);
    if (result.kind === 'refused') this.notes.push({ file, note: result.refusal });
    if (result.kind !== 'text') return [];
    if (result.isExposed) this.notes.push({ file, note: 'exposed' });
    if (result.target !== undefined) this.notes.push({ file, note: 'link', target: result.target });
    const content = parseJsonObject(result.text);
    if (!content) this.notes.push({ file, note: 'damaged' });
    const { connections, problems } = content ? parse(content) : { connections: [], problems: [] };
    this.problems.push(...problems.map((problem) => ({ ...problem, file })));
    return connections.map((connection) => ({ ...connection, file, isFromFolder }));
  }
}

async function firstPin(
  folders: readonly string[],
  named: readonly FoundConnection[],
  { paths, read }: DiscoverySeams,
): Promise<Pin | undefined> {
  for (const folder of folders) {
    const file = paths.join(folder, 'profile');
    const result = await read(file, false);
    const profile = result.kind === 'text' ? plainText(result.text) : '';
    if (profile === '') continue;
    const platform = named.find((connection) => connection.profile === profile)?.platform;
    return { file, profile, ...(platform && { platform }) };
  }
  return undefined;
}

/** The command line leaves an empty object when the user logs out. */
function parseUnlessEmpty(content: JsonObject): ParsedConnections {
  return Object.keys(content).length === 0 ? { connections: [], problems: [] } : parseConnection(content);
}

/** The nearest comes first. */
function foldersAbove(folder: string, paths: Paths): readonly string[] {
  const above = [folder];
  for (let last = folder; above.length < LEVELS; last = above.at(-1) ?? last) {
    const parent = paths.dirname(last);
    if (parent === last) break;
    above.push(parent);
  }
  return above;
}

function oneForEachPlatform(connections: readonly FoundConnection[]): readonly FoundConnection[] {
  return connections.filter(
    ({ platform }, index) => connections.findIndex((other) => other.platform.href === platform.href) === index,
  );
}
