import { describeFailure } from './failure';
import type { Refusal } from './prompts';
import { remedies } from './remedy';
import type { PlatformUrl } from '../zeyos/platform';

/** A failure as a prompt shows it: below what was typed, with a button for each setting that may help. */
export function promptRefusal(error: unknown, platform: PlatformUrl): Refusal {
  const buttons = remedies(error).map(({ label, open }) => ({ icon: 'settings-gear', tooltip: label, run: open }));
  return { message: describeFailure(error, platform), buttons };
}
