import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseEditorVersion } from '../support/host/versions';
import { runMocha } from '../support/mocha';
import { out } from '../support/paths';
import { tallyLine } from '../support/run/tally';
import { testFiles } from '../support/testFiles';

/** Runs the tests on one editor; `--smoke`: only what every editor has to be able to do. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { host: { type: 'string' }, grep: { type: 'string' }, smoke: { type: 'boolean' } }, strict: false });
  const grep = typeof values.grep === 'string' ? values.grep : undefined;
  process.env['ZEYOS_TEST_EDITOR'] = parseEditorVersion(String(values.host ?? '1.139'));
  const files = testFiles(join(out, 'test/e2e')).filter((file) => !values.smoke || file.endsWith('essentials.test.js'));
  const { passes, failures, pending } = await runMocha(files, { grep, timeout: 240_000 });
  console.log(tallyLine({ passed: passes, failed: failures, skipped: pending }));
  process.exit(failures > 0 ? 1 : 0);
}

void main();
