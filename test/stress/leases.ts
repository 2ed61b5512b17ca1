import { join } from 'node:path';
import { runMocha } from '../support/mocha';
import { out } from '../support/paths';
import { tallyLine } from '../support/run/tally';

async function main(): Promise<void> {
  const { passes, failures, pending } = await runMocha([join(out, 'test/stress/leases.test.js')], { timeout: 30_000 });
  console.log(tallyLine({ passed: passes, failed: failures, skipped: pending }));
  process.exit(failures > 0 ? 1 : 0);
}

void main();
