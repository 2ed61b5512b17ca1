import { isJsonObject } from '../zeyos/json';
import { plainText, withoutUserInfo } from '../zeyos/plainText';
import { looksLikeUrl, PlatformUrl, PlatformUrlError, type PlatformUrlProblem } from '../zeyos/platform';

export const SIGN_IN_METHODS = ['password', 'browser', 'token'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** The port of the redirect URI that ZeyOS's own command line registers, so that users often have it already. */
export const REDIRECT_PORT = 9005;

/** A configured ZeyOS instance. */
export interface Instance {
  readonly platform: PlatformUrl;
  /** For display only; the last path segment where the setting names none. */
  readonly name: string;
  /** Absent: the user picks at each sign-in. */
  readonly signIn?: SignInMethod;
  /** The application that signs in through the browser. */
  readonly clientId?: string;
  readonly redirectPort: number;
  /** A file with certificate authorities to trust for this instance, as it is written in the setting. */
  readonly caFile?: string;
}

/** An instance, as commands and the exports tell it. */
export interface InstanceInfo {
  readonly url: string;
  readonly name: string;
}

export function instanceInfo({ platform, name }: Instance): InstanceInfo {
  return { url: platform.href, name };
}

/** An entry of `zeyos.instances` that cannot be used. */
export interface InstanceProblem {
  /** How to find the entry: its `url` as written, but for a user name and a password, or its position. */
  readonly entry: string;
  readonly problem: PlatformUrlProblem | 'notAnObject' | 'noUrl' | 'duplicate' | 'caFile';
}

export interface Instances {
  readonly instances: readonly Instance[];
  readonly problems: readonly InstanceProblem[];
}

/** Reads the value of `zeyos.instances`. A wrong entry is named in `problems` and costs no other entry. */
export function parseInstances(setting: unknown): Instances {
  const instances: Instance[] = [];
  const problems: InstanceProblem[] = [];
  const entries: unknown[] = Array.isArray(setting) ? setting : setting === undefined || setting === null ? [] : [setting];
  for (const [index, entry] of entries.entries()) {
    const position = `#${index + 1}`;
    if (!isJsonObject(entry)) {
      problems.push({ entry: position, problem: 'notAnObject' });
      continue;
    }
    const { url, name, caFile, ...options } = entry as Readonly<Partial<Record<'url' | 'name' | 'caFile', unknown>>>;
    if (typeof url !== 'string') {
      problems.push({ entry: position, problem: 'noUrl' });
      continue;
    }
    const written = plainText(withoutUserInfo(url)) || position;
    try {
      const platform = PlatformUrl.parse(url);
      const twin = instances.some((instance) => instance.platform.href === platform.href);
      if (twin) problems.push({ entry: written, problem: 'duplicate' });
      // One that is malformed must not be ignored: the request would then trust other authorities.
      else if (!isOptionalText(caFile)) problems.push({ entry: written, problem: 'caFile' });
      else
        instances.push({
          platform,
          name: (typeof name === 'string' && plainText(name)) || platform.instance,
          ...parseOptions(options),
          ...(caFile?.trim() && { caFile: caFile.trim() }),
        });
    } catch (error) {
      if (!(error instanceof PlatformUrlError)) throw error;
      problems.push({ entry: written, problem: error.problem });
    }
  }
  return { instances, problems };
}

/** What is wrong here is as good as absent: it only makes a sign-in ask. */
function parseOptions({
  signIn,
  clientId,
  redirectPort,
}: {
  readonly signIn?: unknown;
  readonly clientId?: unknown;
  readonly redirectPort?: unknown;
}): Omit<Instance, 'platform' | 'name'> {
  const method = SIGN_IN_METHODS.find((known) => known === signIn);
  const isPort = typeof redirectPort === 'number' && Number.isInteger(redirectPort) && redirectPort > 0 && redirectPort < 65_536;
  return {
    ...(method && { signIn: method }),
    ...(typeof clientId === 'string' && isClientId(clientId) && { clientId }),
    redirectPort: isPort ? redirectPort : REDIRECT_PORT,
  };
}

function isOptionalText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}

/** The identifier of a ZeyOS application. */
export function isClientId(text: string): boolean {
  return text.length <= 200 && /^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/.test(text);
}

/**
 * Finds the instance that a person or a command argument means by a platform URL, a bare instance name, or a display
 * name, in that order. Several matches are no match.
 */
export function findInstance(instances: readonly Instance[], text: string): Instance | undefined {
  const matches = matching(instances, text);
  return matches.length === 1 ? matches[0] : undefined;
}

/** Whether several instances have this name. */
export function isAmbiguous(instances: readonly Instance[], text: string): boolean {
  return matching(instances, text).length > 1;
}

function matching(instances: readonly Instance[], text: string): readonly Instance[] {
  const href = looksLikeUrl(text) ? PlatformUrl.tryParse(text)?.href : undefined;
  const matches = [
    instances.filter(({ platform }) => platform.href === href),
    instances.filter(({ platform }) => platform.instance === text),
    instances.filter(({ name }) => name === text),
  ];
  return matches.find((found) => found.length > 0) ?? [];
}
