import { BACK } from '../dialog/prompts';

/**
 * The outcome of a step: answered, or already known (Back leads to it all the same); the user went back; passed over
 * because there was nothing to ask; or a wish to begin again.
 */
export type StepOutcome = 'done' | typeof BACK | 'skipped' | 'restart';

interface StepPosition {
  /** Whether there is an earlier question to go back to. */
  readonly canGoBack: boolean;
  /** Whether the user came back to this question. */
  readonly isReturn: boolean;
}

export type Step = (position: StepPosition) => Promise<StepOutcome>;

/** Asks one question after the other. Back returns to the last answered one. */
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
