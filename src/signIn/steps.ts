import { BACK } from '../dialog/prompts';

/**
 * `done`: answered, or already known (Back leads to it all the same). `skipped`: there was nothing to ask. `restart`:
 * the user wants to begin again.
 */
export type StepOutcome = 'done' | typeof BACK | 'skipped' | 'restart';

interface StepPosition {
  readonly canGoBack: boolean;
  /** Whether the user came back. */
  readonly isReturn: boolean;
}

export type Step = (position: StepPosition) => Promise<StepOutcome>;

/** Back returns to the last answered question. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  const answered: number[] = [];
  let isReturn = false;
  for (let index = 0; index < steps.length;) {
    const outcome: StepOutcome | undefined = await steps[index]?.({ canGoBack: answered.length > 0, isReturn });
    isReturn = outcome === BACK;
    if (outcome === 'restart') {
      answered.length = 0;
      index = 0;
    } else if (outcome === BACK) {
      index = answered.pop() ?? 0;
    } else {
      if (outcome !== 'skipped') answered.push(index);
      index++;
    }
  }
}
