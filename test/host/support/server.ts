import { defaultInstances } from '../../support/sandbox/fixtures';
import { Sandbox, type SandboxOptions } from '../../support/sandbox/sandbox';

/** A ZeyOS whose tokens live for a little more than a day, so that what is shown of them does not change right away. */
export function startServer(options: SandboxOptions = {}): Promise<Sandbox> {
  return Sandbox.start({
    instances: defaultInstances.map((instance) => ({ ...instance, lifetimeSeconds: 25 * 3_600 + 30 })),
    ...options,
  });
}
