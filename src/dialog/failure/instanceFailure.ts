import type { PlatformUrl } from '../../zeyos/address/platform';
import { describeFailure } from './failure';

/**
 * A failure whose message is for the user: it names the platform, what happened and what to do. `cause` is the failure
 * itself.
 */
export class InstanceFailure extends Error {
  override readonly name = 'InstanceFailure';
  constructor(
    readonly platform: PlatformUrl,
    cause: unknown,
    /** A sentence that is shown after the description of the failure. */
    consequence?: string,
  ) {
    const description = describeFailure(cause, platform);
    super(consequence === undefined ? description : `${description} ${consequence}`, { cause });
  }
}
