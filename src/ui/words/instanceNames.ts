import type { Instance } from '../../session/model/instance';
import { plainText } from '../../base/plainText';
import { withProductionMark } from '../../dialog/productionMark';

/** As much of a name as leaves room for what stands beside it. */
const SHORT_LENGTH = 20;

/** The name that an instance is shown under: with its host, where another one would be shown under the same, and with its mark. */
export function shownName(instance: Instance, instances: readonly Instance[]): string {
  return withProductionMark(
    distinctName(instance, instances, (name) => name),
    instance,
  );
}

/** The same where there is little room. */
export function shownShortName(instance: Instance, instances: readonly Instance[]): string {
  return distinctName(instance, instances, shortName);
}

/** A name where there is little room. */
export function shortName(name: string): string {
  return plainText(name, SHORT_LENGTH);
}

function distinctName(
  { platform, name }: Instance,
  instances: readonly Instance[],
  shape: (name: string) => string,
): string {
  const shown = shape(name);
  const twins = instances.filter((other) => other.platform.href !== platform.href && shape(other.name) === shown);
  if (twins.length === 0) return shown;
  const isOnOneHost = twins.some((twin) => twin.platform.host === platform.host);
  return `${shown} (${isOnOneHost ? platform.label : platform.host})`;
}
