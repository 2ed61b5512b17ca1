import { isBlockedPort } from '../../zeyos/address/blockedPorts';
import { withoutInvisible } from '../../base/invisible';
import { isJsonObject } from '../../base/json';
import { isEndpointPath, platformIn, shownAddress } from '../../zeyos/address/pastedAddress';
import { plainText } from '../../hiding/plainText';
import { looksLikeUrl, PlatformUrl, PlatformUrlError, type PlatformUrlProblem } from '../../zeyos/address/platform';

export const SIGN_IN_METHODS = ['password', 'browser', 'token'] as const;
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** ZeyOS's command line uses this port, so many applications allow it as a redirect URI. */
export const REDIRECT_PORT = 9005;

export interface Instance {
  readonly platform: PlatformUrl;
  /** For display only. */
  readonly name: string;
  /** Absent: the user picks a method at each sign-in. */
  readonly signIn?: SignInMethod;
  /** For browser sign-ins. */
  readonly clientId?: string;
  readonly redirectPort: number;
  /** A file of certificate authorities. The path is as written in the setting. */
  readonly caFile?: string;
  readonly isProduction?: boolean;
}

/** As commands and the exported API return it. */
export interface InstanceInfo {
  readonly url: string;
  readonly name: string;
}

export function instanceInfo({ platform, name }: Instance): InstanceInfo {
  return { url: platform.href, name };
}

export interface InstanceProblem {
  /** The `url` without user info, query and fragment, or else the position of the entry. */
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
  readonly correction?: UrlCorrection;
}

export interface UrlCorrection {
  /** As written in the setting. Never show or log it: it may contain secrets. */
  readonly written: string;
  readonly platform: PlatformUrl;
}

export interface Instances {
  readonly instances: readonly Instance[];
  /** Entries that cannot be used. */
  readonly problems: readonly InstanceProblem[];
  /** Entries that are used nevertheless. */
  readonly warnings: readonly InstanceProblem[];
}

/** Reads `zeyos.instances`. A wrong entry does not affect other entries. */
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
    const shown = (): string => shownAddress(url) ?? position;
    try {
      const platform = PlatformUrl.parse(withoutInvisible(url));
      const twin = instances.some((instance) => instance.platform.href === platform.href);
      if (twin) problems.push({ entry: shown(), problem: 'duplicate' });
      // If a malformed `caFile` were ignored, requests would trust other authorities than the user wants.
      else if (!isOptionalText(caFile)) problems.push({ entry: shown(), problem: 'caFile' });
      else {
        const file = withoutInvisible(caFile ?? '', 'atEnds');
        instances.push({
          platform,
          name: (typeof name === 'string' && plainText(name)) || platform.instanceName,
          ...parseOptions(options),
          ...(file && { caFile: file }),
        });
        if (isEndpointPath(platform.path)) warnings.push({ entry: shown(), problem: 'endpoint', ...correctionOf(url) });
        const portProblem = redirectPortProblem(options);
        if (portProblem) warnings.push({ entry: shown(), problem: portProblem });
        if (!isOptionalFlag(options.production)) warnings.push({ entry: shown(), problem: 'production' });
      }
    } catch (error) {
      if (!(error instanceof PlatformUrlError)) throw error;
      problems.push({ entry: shown(), problem: error.problem, ...correctionOf(url) });
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

/** Ignores a wrong option: the sign-in then asks the user. */
function parseOptions(options: Options): Omit<Instance, 'platform' | 'name'> {
  const { redirectPort, production } = options;
  const signIn = cleaned(options.signIn);
  const clientId = cleaned(options.clientId);
  const method = SIGN_IN_METHODS.find((known) => known === signIn);
  return {
    ...(method && { signIn: method }),
    ...(isClientId(clientId) && { clientId }),
    redirectPort: isPort(redirectPort) && !isBlockedPort(redirectPort) ? redirectPort : REDIRECT_PORT,
    // Any other value counts as true: one confirmation too many does no harm.
    ...((production === true || !isOptionalFlag(production)) && { isProduction: true }),
  };
}

/** Browsers refuse to open a URL with a blocked port. */
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

export function isClientId(text: string): boolean {
  return text.length <= 200 && /^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/.test(text);
}

/** Finds an instance by URL, last path segment or name, in this order, unless several match. */
export function findInstance(instances: readonly Instance[], text: string): Instance | undefined {
  const matches = matching(instances, text);
  return matches.length === 1 ? matches[0] : undefined;
}

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
