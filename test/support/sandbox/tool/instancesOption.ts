import { readFileSync } from 'node:fs';
import { defaultInstances, demo } from '../fixtures';
import type { SandboxInstanceOptions } from '../instances';

export const defaultInstanceNames = defaultInstances.map(({ name }) => name).join(',');

/** One or more path segments. */
const namePattern = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/;

/**
 * The instances that `--instances` names: known ones as they are, any other as `demo` under that name; or those of a
 * JSON file.
 * @throws {Error} with a message for the user.
 */
export function readInstances(option: string): readonly SandboxInstanceOptions[] {
  const instances = option.endsWith('.json')
    ? parseFile(option, readFileSync(option, 'utf8'))
    : option.split(',').map((text) => {
        const name = text.trim();
        return defaultInstances.find((known) => known.name === name) ?? { ...demo, name };
      });
  if (instances.length === 0) throw new Error('--instances names no instance.');
  instances.forEach(({ name }, index) => {
    if (!namePattern.test(name)) throw new Error(`"${name}" is no name of an instance.`);
    const clash = instances.slice(0, index).find((other) => overlap(other.name, name));
    if (clash)
      throw new Error(`The instances ${clash.name} and ${name} have the same path, or one is below the other.`);
  });
  return instances;
}

/**
 * A file holds an array of {@link SandboxInstanceOptions}; what is wrong inside of an instance, `Sandbox.start` says.
 */
function parseFile(file: string, text: string): SandboxInstanceOptions[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!Array.isArray(value)) throw new Error(`${file} must hold an array of instances.`);
  return value.map((instance: unknown) => {
    if (isInstance(instance)) return instance;
    throw new Error(`Each instance in ${file} needs a "name" and "users" with "name" and "password".`);
  });
}

function isInstance(value: unknown): value is SandboxInstanceOptions {
  const { name, users } = (value ?? {}) as { readonly name?: unknown; readonly users?: unknown };
  return (
    typeof name === 'string' &&
    Array.isArray(users) &&
    users.every((user: { name?: unknown; password?: unknown } | null) =>
      [user?.name, user?.password].every((text) => typeof text === 'string'),
    )
  );
}

function overlap(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);
}
