import { turns } from './clock';

/** The warnings of Node during some work. Node emits a warning one turn late. */
export async function warningsDuring(work: () => Promise<void>): Promise<readonly Error[]> {
  const warnings: Error[] = [];
  const note = (warning: Error): number => warnings.push(warning);
  process.on('warning', note);
  try {
    await work();
    await turns();
  } finally {
    process.off('warning', note);
  }
  return warnings;
}
