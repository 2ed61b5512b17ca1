import { join } from 'node:path';
import { parseArgs } from 'node:util';
// First of all: the calls go through Node's own dispatcher, as in the editor, though one of the tests loads undici.
import '../../../src/zeyos/transport/nodeFetch';
import { runMocha } from '../mocha';
import { out } from '../paths';
import { testFiles } from '../testFiles';
import { tallyLine } from './tally';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { grep: { type: 'string' } }, strict: false });
  const grep = typeof values.grep === 'string' ? values.grep : undefined;
  const { passes, failures, pending } = await runMocha(
    ['test/unit', 'test/fuzz'].flatMap((folder) => testFiles(join(out, folder))),
    { grep, timeout: 5000 },
  );
  console.log(tallyLine({ passed: passes, failed: failures, skipped: pending }));
  // A test that left something open must not keep the run from ending.
  process.exit(failures > 0 ? 1 : 0);
}

void main();
