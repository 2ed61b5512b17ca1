import type { SandboxInstance } from './instances';

/** Rules that an option or a control call changes while the sandbox runs. */
export interface Rules {
  /** Of access tokens that are issued from now on, by any of the APIs. */
  readonly lifetimeSeconds?: number;
  readonly refreshLifetimeSeconds?: number;
  /** `one`: new OAuth 2.0 tokens of a user and an application end the previous ones. `many`: they live side by side. */
  readonly tokenSets?: 'many' | 'one';
  /** How far the server's clock is ahead. */
  readonly clockSkewSeconds?: number;
}

/**
 * The rules that a JSON object names.
 * @throws {Error} with a message for the user.
 */
export function parseRules(value: Readonly<Record<string, unknown>>): Rules {
  const { lifetimeSeconds, refreshLifetimeSeconds, tokenSets, clockSkewSeconds, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`There is no rule ${other}.`);
  for (const [name, seconds] of Object.entries({ lifetimeSeconds, refreshLifetimeSeconds }))
    if (seconds !== undefined && !(Number.isInteger(seconds) && (seconds as number) > 0))
      throw new Error(`${name} must be a whole number of seconds above 0.`);
  if (clockSkewSeconds !== undefined && !Number.isInteger(clockSkewSeconds))
    throw new Error('clockSkewSeconds must be a whole number of seconds.');
  if (tokenSets !== undefined && tokenSets !== 'one' && tokenSets !== 'many')
    throw new Error('tokenSets must be "one" or "many".');
  return value;
}

export function applyRules(instance: SandboxInstance, rules: Rules): void {
  const { lifetimeSeconds, refreshLifetimeSeconds, tokenSets, clockSkewSeconds } = rules;
  if (lifetimeSeconds !== undefined) {
    instance.lifetimeSeconds = lifetimeSeconds;
    instance.oauth2.accessLifetimeSeconds = lifetimeSeconds;
    instance.legacy.lifetimeSeconds = lifetimeSeconds;
  }
  if (refreshLifetimeSeconds !== undefined) instance.oauth2.refreshLifetimeSeconds = refreshLifetimeSeconds;
  if (tokenSets !== undefined) instance.oauth2.oneTokenSet = tokenSets === 'one';
  if (clockSkewSeconds !== undefined) instance.clockSkewSeconds = clockSkewSeconds;
}
