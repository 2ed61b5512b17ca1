/** What a step came to: answered, taken back, or passed over because there was nothing to ask. */
export type StepOutcome = 'done' | 'back' | 'skipped';

/** One question of several. `canGoBack`: whether there is an earlier one to go back to; `number` counts those shown, from 1. */
export type Step = (position: { readonly canGoBack: boolean; readonly number: number }) => Promise<StepOutcome>;

/**
 * Asks one question after the other; Back returns to the last one that was shown.
 * @param answered steps whose answers are known: it begins after them, but Back leads to them
 */
export async function runSteps(steps: readonly Step[], answered: readonly Step[] = []): Promise<void> {
  const shown = answered.map((step) => steps.indexOf(step));
  for (let index = (shown.at(-1) ?? -1) + 1; index < steps.length; ) {
    const outcome = await steps[index]?.({ canGoBack: shown.length > 0, number: shown.length + 1 });
    if (outcome === 'back') {
      index = shown.pop() ?? 0;
      continue;
    }
    if (outcome === 'done') shown.push(index);
    index++;
  }
}
