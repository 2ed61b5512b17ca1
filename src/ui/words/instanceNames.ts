import type { Instance } from '../../session/model/instance';
import { distinctlyShortened, shortened } from './shortening';
import { withProductionMark } from '../../dialog/productionMark';

/** In characters. */
const SHORT_LENGTH = 20;
/** In characters. A host is longer than a name. */
const SHORT_HOST_LENGTH = 24;

/** Adds the host if another instance has the same name. */
export function shownName(instance: Instance, instances: readonly Instance[]): string {
  return withProductionMark(
    distinctName(instance, instances, {
      name: (name) => name,
      host: (host) => host,
    }),
    instance,
  );
}

/** Only an added host is shortened, because it has no blank at which a line could break. */
export function shownNameWithShortHost(instance: Instance, instances: readonly Instance[]): string {
  return withProductionMark(distinctName(instance, instances, { name: (name) => name, host: shortHost }), instance);
}

/** Differs from the short names of all other instances. */
export function shownShortName(instance: Instance, instances: readonly Instance[]): string {
  return distinctName(instance, instances, { name: shortName, host: shortHost });
}

export function shortName(name: string): string {
  return shortened(name, SHORT_LENGTH);
}

function shortHost(host: string, others: readonly string[]): string {
  return distinctlyShortened(host, others, SHORT_HOST_LENGTH);
}

interface Shape {
  readonly name: (name: string) => string;
  readonly host: (host: string, others: readonly string[]) => string;
}

function distinctName({ platform, name }: Instance, instances: readonly Instance[], shape: Shape): string {
  const shown = shape.name(name);
  const twins = instances.filter((other) => other.platform.href !== platform.href && shape.name(other.name) === shown);
  if (twins.length === 0) return shown;
  const all = [platform, ...twins.map((twin) => twin.platform)];
  const isHostEnough = new Set(all.map(({ host }) => host)).size === all.length;
  const [qualifier = '', ...others] = all.map(({ host, label }) => (isHostEnough ? host : label));
  return `${shown} (${shape.host(qualifier, others)})`;
}
