import { isJsonObject, type JsonObject } from '../../base/json';
import { withoutInvisible } from '../../base/invisible';
import { plainText } from '../../hiding/plainText';
import { isClientId, type InstanceProblem } from '../../session/model/instance';
import { PlatformUrl, PlatformUrlError } from '../../zeyos/address/platform';

/**
 * A larger number is in milliseconds since 1970, a smaller one in seconds: 10^11 s is the year 5138, 10^11 ms is 1973.
 */
const FIRST_MILLISECONDS = 1e11;

/** A connection of ZeyOS's own command line. Its refresh token can be used only once, so no token is stored. */
export interface Connection {
  readonly platform: PlatformUrl;
  /** Absent in a file with only one connection. */
  readonly profile?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** When the command line's own session ends, in epoch milliseconds. */
  readonly signedInUntil?: number;
}

export interface ConnectionProblem {
  readonly profile?: string;
  readonly problem: InstanceProblem['problem'];
}

export interface ParsedConnections {
  /** The active profile comes first. */
  readonly connections: readonly Connection[];
  readonly problems: readonly ConnectionProblem[];
}

/** Reads `profiles.json`: `{ active, profiles: { name: connection } }`. */
export function parseProfiles({ active, profiles }: JsonObject): ParsedConnections {
  const entries = isJsonObject(profiles) ? Object.entries(profiles) : [];
  const ordered = [...entries.filter(([name]) => name === active), ...entries.filter(([name]) => name !== active)];
  const read = ordered.map(([name, value]) => parseConnection(value, plainText(name)));
  return {
    connections: read.flatMap(({ connections }) => connections),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** Reads a profile, `credentials.json` or `auth.json`. */
export function parseConnection(value: unknown, profile = ''): ParsedConnections {
  const named = profile === '' ? {} : { profile };
  if (!isJsonObject(value)) return { connections: [], problems: [{ ...named, problem: 'notAnObject' }] };
  const { baseUrl, instance, clientId, clientSecret } = value as Readonly<Partial<Record<string, unknown>>>;
  if (typeof baseUrl !== 'string' || baseUrl.trim() === '')
    return { connections: [], problems: [{ ...named, problem: 'noUrl' }] };
  try {
    const id = typeof clientId === 'string' ? withoutInvisible(clientId) : '';
    const secret = typeof clientSecret === 'string' ? withoutInvisible(clientSecret) : '';
    const until = sessionEnd(value);
    const connection: Connection = {
      platform: parsePlatform(withoutInvisible(baseUrl), instance),
      ...named,
      ...(isClientId(id) && { clientId: id, ...(secret && { clientSecret: secret }) }),
      ...(until !== undefined && { signedInUntil: until }),
    };
    return { connections: [connection], problems: [] };
  } catch (error) {
    if (!(error instanceof PlatformUrlError)) throw error;
    return { connections: [], problems: [{ ...named, problem: error.problem }] };
  }
}

/** Some files have a base URL without a path, and the instance name beside it. */
function parsePlatform(baseUrl: string, instance: unknown): PlatformUrl {
  try {
    return PlatformUrl.parse(baseUrl);
  } catch (error) {
    const lacksInstance = error instanceof PlatformUrlError && error.problem === 'noInstance';
    if (!lacksInstance || typeof instance !== 'string' || !/^[\w.~-]+$/.test(instance)) throw error;
    return PlatformUrl.parse(`${baseUrl.replace(/\/+$/, '')}/${instance}`);
  }
}

/** Checks that tokens exist, but returns none. */
function sessionEnd(value: JsonObject): number | undefined {
  const has = (token: unknown): boolean => typeof token === 'string' && token !== '';
  if (has(value['refreshToken'])) return epochMs(value['refreshTokenExpiresAt']);
  return has(value['accessToken']) ? epochMs(value['expiresAt']) : undefined;
}

function epochMs(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return undefined;
  const ms = value < FIRST_MILLISECONDS ? value * 1000 : value;
  // The limit of a Date (ECMA-262, 21.4.1.1).
  return ms <= 8.64e15 ? ms : undefined;
}
