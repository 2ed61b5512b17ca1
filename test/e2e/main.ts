import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseEditorVersion } from '../support/host/versions';
import { runMocha } from '../support/mocha';
import { out } from '../support/paths';
import { tallyLine } from '../support/run/tally';
import { testFiles } from '../support/testFiles';

/** Runs the tests in one editor. `--story` selects one file. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { host: { type: 'string' }, grep: { type: 'string' }, story: { type: 'string' } },
    strict: false,
  });
  const grep = typeof values.grep === 'string' ? values.grep : undefined;
  process.env['ZEYOS_TEST_EDITOR'] = parseEditorVersion(String(values.host ?? '1.139'));
  const story = typeof values.story === 'string' ? values.story : undefined;
  process.env['ZEYOS_TEST_STORY'] = story ?? 'all';
  const files = testFiles(join(out, 'test/e2e')).filter(
    (file) => story === undefined || basename(file) === `${story}.test.js`,
  );
  const { passes, failures, pending } = await runMocha(files, { grep, timeout: 240_000 });
  console.log(tallyLine({ passed: passes, failed: failures, skipped: pending }));
  process.exit(failures > 0 ? 1 : 0);
}

void main();
