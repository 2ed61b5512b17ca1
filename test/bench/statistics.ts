/** The smallest, the middle and the largest of several measurements. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly count: number;
}

/** @throws if there are no values */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('There is nothing to summarize.');
  const middle = sorted.length / 2;
  const median = ((sorted[Math.ceil(middle) - 1] ?? min) + (sorted[Math.floor(middle)] ?? max)) / 2;
  return { min, median, max, count: sorted.length };
}

/** The state of the machine while something was measured. */
export interface Load {
  /** The number of processes that wait for a processor, over one minute. */
  readonly average: number;
  readonly processors: number;
}

/**
 * Why figures say little, or `undefined` if they do not: the machine was busy with something else, or the same work
 * took very different times.
 * @param reference the times of work that is the same each time
 */
export function noise({ average, processors }: Load, reference: Spread): string | undefined {
  const reasons = [
    ...(average > processors ? [`the load average was ${average.toFixed(1)} on ${processors} processors`] : []),
    ...(reference.max > 2.5 * reference.min
      ? [`the same work took between ${reference.min} and ${reference.max} ms`]
      : []),
  ];
  return reasons.length === 0 ? undefined : reasons.join('; ');
}
