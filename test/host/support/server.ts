import { defaultInstances } from '../../support/sandbox/fixtures';
import { Sandbox, type SandboxOptions } from '../../support/sandbox/sandbox';

/** Starts a sandbox whose tokens live for a little more than a day, so that their display does not change at once. */
export function startServer(options: SandboxOptions = {}): Promise<Sandbox> {
  return Sandbox.start({
    instances: defaultInstances.map((instance) => ({ ...instance, lifetimeSeconds: 25 * 3_600 + 30 })),
    ...options,
  });
}
