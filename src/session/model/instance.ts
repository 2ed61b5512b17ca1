import { isBlockedPort } from '../../zeyos/address/blockedPorts';
import { withoutInvisible } from '../../base/invisible';
import { isJsonObject } from '../../base/json';
import { isEndpointPath, platformIn, shownAddress } from '../../zeyos/address/pastedAddress';
import { plainText } from '../../hiding/plainText';
import { looksLikeUrl, PlatformUrl, PlatformUrlError, type PlatformUrlProblem } from '../../zeyos/address/platform';

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
  /** Whether the user marked it as a production instance. */
  readonly isProduction?: boolean;
}

/** An instance, as commands and the exports tell it. */
export interface InstanceInfo {
  readonly url: string;
  readonly name: string;
}

export function instanceInfo({ platform, name }: Instance): InstanceInfo {
  return { url: platform.href, name };
}

/** What is wrong with an entry of `zeyos.instances`. */
export interface InstanceProblem {
  /** How to find the entry: its `url` as written, but without user info, query and fragment, or its position. */
  readonly entry: string;
  readonly problem:
    | PlatformUrlProblem
    | 'notAnObject'
    | 'noUrl'
    | 'duplicate'
    | 'caFile'
    | 'endpoint'
    | 'redirectPort'
    | 'blockedRedirectPort'
    | 'production';
  /** The platform URL that the entry probably means. */
  readonly correction?: UrlCorrection;
}

/** A change of an entry's `url`. */
export interface UrlCorrection {
  /** The `url` as it is written in the setting. It may contain secrets, and is never shown or logged. */
  readonly written: string;
  readonly platform: PlatformUrl;
}

export interface Instances {
  readonly instances: readonly Instance[];
  /** Of the entries that cannot be used: one each. */
  readonly problems: readonly InstanceProblem[];
  /** Of the entries that are used all the same. */
  readonly warnings: readonly InstanceProblem[];
}

/** Reads the value of `zeyos.instances`. A wrong entry is named in `problems`, and costs no other entry. */
export function parseInstances(setting: unknown): Instances {
  const instances: Instance[] = [];
  const problems: InstanceProblem[] = [];
  const warnings: InstanceProblem[] = [];
  const entries: unknown[] = Array.isArray(setting)
    ? setting
    : setting === undefined || setting === null
      ? []
      : [setting];
  for (const [index, entry] of entries.entries()) {
    const position = `#${index + 1}`;
    if (!isJsonObject(entry)) {
      problems.push({ entry: position, problem: 'notAnObject' });
      continue;
    }
    const { url, name, caFile, ...options } = entry as Options &
      Readonly<Partial<Record<'url' | 'name' | 'caFile', unknown>>>;
    if (typeof url !== 'string') {
      problems.push({ entry: position, problem: 'noUrl' });
      continue;
    }
    const written = shownAddress(url) ?? position;
    const correction = correctionOf(url);
    try {
      const platform = PlatformUrl.parse(withoutInvisible(url));
      const twin = instances.some((instance) => instance.platform.href === platform.href);
      if (twin) problems.push({ entry: written, problem: 'duplicate' });
      // One that is malformed must not be ignored: the request would then trust other authorities.
      else if (!isOptionalText(caFile)) problems.push({ entry: written, problem: 'caFile' });
      else {
        const file = withoutInvisible(caFile ?? '', 'atEnds');
        instances.push({
          platform,
          name: (typeof name === 'string' && plainText(name)) || platform.instanceName,
          ...parseOptions(options),
          ...(file && { caFile: file }),
        });
        if (isEndpointPath(platform.path)) warnings.push({ entry: written, problem: 'endpoint', ...correction });
        const portProblem = redirectPortProblem(options);
        if (portProblem) warnings.push({ entry: written, problem: portProblem });
        if (!isOptionalFlag(options.production)) warnings.push({ entry: written, problem: 'production' });
      }
    } catch (error) {
      if (!(error instanceof PlatformUrlError)) throw error;
      problems.push({ entry: written, problem: error.problem, ...correction });
    }
  }
  return { instances, problems, warnings };
}

function correctionOf(written: string): { readonly correction?: UrlCorrection } {
  const platform = platformIn(written);
  return platform ? { correction: { written, platform } } : {};
}

interface Options {
  readonly signIn?: unknown;
  readonly clientId?: unknown;
  readonly redirectPort?: unknown;
  readonly production?: unknown;
}

/** What is wrong here is as good as absent: it only makes a sign-in ask. */
function parseOptions(options: Options): Omit<Instance, 'platform' | 'name'> {
  const { redirectPort, production } = options;
  const signIn = cleaned(options.signIn);
  const clientId = cleaned(options.clientId);
  const method = SIGN_IN_METHODS.find((known) => known === signIn);
  return {
    ...(method && { signIn: method }),
    ...(isClientId(clientId) && { clientId }),
    redirectPort: isPort(redirectPort) && !isBlockedPort(redirectPort) ? redirectPort : REDIRECT_PORT,
    // A value that is no boolean counts as true: asking once too often loses nothing.
    ...((production === true || !isOptionalFlag(production)) && { isProduction: true }),
  };
}

/** A blocked port could be listened on, but no browser would come back to it. */
function redirectPortProblem({ redirectPort }: Options): 'redirectPort' | 'blockedRedirectPort' | undefined {
  if (redirectPort === undefined || redirectPort === null) return undefined;
  if (!isPort(redirectPort)) return 'redirectPort';
  return isBlockedPort(redirectPort) ? 'blockedRedirectPort' : undefined;
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
}

function cleaned(value: unknown): string {
  return typeof value === 'string' ? withoutInvisible(value) : '';
}

function isOptionalFlag(value: unknown): value is boolean | null | undefined {
  return value === undefined || value === null || typeof value === 'boolean';
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
    instances.filter(({ platform }) => platform.instanceName === text),
    instances.filter(({ name }) => name === text),
  ];
  return matches.find((found) => found.length > 0) ?? [];
}
