import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ESLint, Linter } from 'eslint';
import { root } from '../../support/paths';

/** Lint rules that keep other sources of time than a `Clock` out of a file. */
const RULES = ['no-restricted-globals', 'no-restricted-properties', 'no-restricted-syntax'] as const;

const TIMERS = [
  'setTimeout(() => {}, 1)',
  'setInterval(() => {}, 1)',
  'globalThis.setTimeout(() => {}, 1)',
  'socket.setTimeout(1)',
  "import { setTimeout as delay } from 'node:timers/promises'",
  "import { setInterval } from 'timers/promises'",
  "import { performance } from 'node:perf_hooks'",
  "import('perf_hooks')",
  'performance.now()',
  'globalThis.performance',
  'Date.now()',
  'const now = Date.now',
  'new Date()',
  'Date()',
  'AbortSignal.timeout(1)',
  'process.hrtime.bigint()',
];
/** They let other work happen first, but wait for no time. */
const TURNS = ['setImmediate(() => {})', "import { setImmediate as turn } from 'node:timers/promises'"];
const NO_TIME = ['new Date(0)', 'Date.parse(text)', 'new AbortController()', 'clock.wait(1)'];

describe('The clock rule', () => {
  const eslint = new ESLint({ cwd: root });

  async function rulesOf(file: string): Promise<Linter.RulesRecord> {
    const { rules } = (await eslint.calculateConfigForFile(join(root, file))) as { rules: Linter.RulesRecord };
    return Object.fromEntries(RULES.flatMap((name) => (rules[name] ? [[name, rules[name]]] : [])));
  }
  const isRefused = (code: string, rules: Linter.RulesRecord): boolean => {
    const messages = new Linter().verify(code, { rules });
    assert.ok(
      messages.every(({ fatal }) => !fatal),
      code,
    );
    return messages.length > 0;
  };

  for (const [where, file, refused] of [
    ['the product', 'src/extension.ts', [...TIMERS, ...TURNS]],
    ['a unit test', 'test/unit/base/alarm.test.ts', [...TIMERS, "import { systemClock } from '../src/base/clock'"]],
    ['what unit tests share', 'test/support/sandbox/faults.ts', TIMERS],
  ] as const) {
    it(`refuses each other source of time in ${where}`, async () => {
      const rules = await rulesOf(file);
      assert.deepEqual(
        refused.filter((code) => !isRefused(code, rules)),
        [],
      );
      assert.deepEqual(
        NO_TIME.filter((code) => isRefused(code, rules)),
        [],
      );
    });
  }

  it('lets a unit test wait for other work', async () => {
    const rules = await rulesOf('test/unit/base/alarm.test.ts');
    assert.deepEqual(
      TURNS.filter((code) => isRefused(code, rules)),
      [],
    );
  });

  it('applies to every file of the product except for the clock, and to every unit test except for that of the clock', async () => {
    const exempt: string[] = [];
    for (const folder of ['src', 'test/unit']) {
      for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
        const file = `${folder}/${name.split(sep).join('/')}`;
        if (file.endsWith('.ts') && !isRefused('Date.now()', await rulesOf(file))) exempt.push(file);
      }
    }
    assert.deepEqual(exempt.sort(), ['src/base/clock.ts', 'test/unit/base/clock.test.ts']);
  });
});
