/**
 * How often a property is tried. `FUZZ_RUNS` sets another number, to search for long. `FUZZ_REPLAY` names one failed
 * history, as in `-815037809:10:8:11`: the seed and the path that the failure printed.
 */
export function fuzzRuns(usual: number): { numRuns: number; seed?: number; path?: string; endOnFailure?: boolean } {
  const numRuns = Number(process.env['FUZZ_RUNS'] ?? usual);
  const [seed, path] = process.env['FUZZ_REPLAY']?.split(/:(.*)/s) ?? [];
  return seed === undefined || path === undefined
    ? { numRuns }
    : { numRuns, seed: Number(seed), path, endOnFailure: true };
}
