/**
 * `done`: answered or known, and Back leads to it. `back`: the user went back. `skipped`: there was nothing to ask.
 * `restart`: the first step runs again.
 */
export type StepOutcome = 'done' | 'back' | 'skipped' | 'restart';

export interface StepPosition {
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
    isReturn = outcome === 'back';
    if (outcome === 'restart') {
      answered.length = 0;
      index = 0;
    } else if (outcome === 'back') {
      index = answered.pop() ?? 0;
    } else {
      if (outcome !== 'skipped') answered.push(index);
      index++;
    }
  }
}
