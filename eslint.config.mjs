// @ts-check
import { readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/**
 * The import rule. A room is a folder or a file of `src`; `rooms` lists them from the inside to the outside, and a room
 * may import itself and the rooms before it. `headless` rooms run without the editor. Files in `everywhere` import
 * nothing of `src`, and every room may import them.
 * @type {{ rooms: string[], headless: string[], everywhere: string[] }}
 */
const { headless, rooms } = JSON.parse(readFileSync(new URL('.ci/rooms.json', import.meta.url), 'utf8'));

/**
 * Forbids a room to import a later one, and a headless room to import the editor.
 * @param {string} room
 * @returns {import('eslint').Linter.Config}
 */
function importRule(room) {
  const later = rooms.slice(rooms.indexOf(room) + 1).join('|');
  const patterns = [
    ...(later
      ? [
          {
            regex: `^\\.{1,2}/(\\.\\./)*(${later})(\\.js)?(/|$)`,
            message: `Dependencies point one way: ${rooms.toReversed().join(' → ')}.`,
          },
        ]
      : []),
    ...(headless.includes(room) ? [{ regex: '^vscode$', message: 'This room runs without the editor.' }] : []),
  ];
  return {
    files: [`src/${room}/**`, `src/${room}.ts`],
    rules: patterns.length > 0 ? { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } : {},
  };
}

/**
 * Time comes from a `Clock` (src/base/clock.ts), which a test can turn: no other source may read the time or wait for
 * it.
 * @param {string} instead
 * @param {string[]} turns globals that only let other work happen first, and so wait for no time
 * @param {string[]} selectors further syntax that is forbidden
 * @returns {Partial<import('eslint').Linter.RulesRecord>}
 */
function clockRule(instead, turns = [], selectors = []) {
  const timers = ['setTimeout', 'setInterval', 'setImmediate'].filter((name) => !turns.includes(name));
  const message = `Time comes from a Clock: ${instead}.`;
  const modules = `[source.value=/^(node:)?(${turns.length > 0 ? '' : 'timers|'}perf_hooks)\\b/]`;
  return {
    'no-restricted-globals': ['error', ...[...timers, 'performance'].map((name) => ({ name, message }))],
    'no-restricted-properties': [
      'error',
      ...timers.map((property) => ({ property, message })),
      { object: 'globalThis', property: 'performance', message },
      { object: 'Date', property: 'now', message },
      { object: 'AbortSignal', property: 'timeout', message },
      { object: 'process', property: 'hrtime', message },
      { object: 'process', property: 'uptime', message },
    ],
    'no-restricted-syntax': [
      'error',
      ...[
        ...selectors,
        "NewExpression[callee.name='Date'][arguments.length=0]",
        "CallExpression[callee.name='Date']",
        `:matches(ImportDeclaration, ImportExpression)${modules}`,
        ...timers.map((name) => `ImportSpecifier[imported.name='${name}']`),
      ].map((selector) => ({ selector, message })),
    ],
  };
}

export default tseslint.config(
  { ignores: ['**/dist/', 'out/', 'node_modules/', '.vscode-test/'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  ...rooms.map(importRule),
  { files: ['src/**'], ignores: ['src/base/clock.ts'], rules: clockRule('take one as a seam') },
  {
    files: ['test/support/sandbox/**', 'test/support/*.ts'],
    rules: clockRule('the tests of units share this file', ['setImmediate']),
  },
  {
    files: ['test/unit/**'],
    // The test of the clock itself replaces the timers.
    ignores: ['test/unit/base/clock.test.ts'],
    rules: clockRule(
      'a unit test turns the one of test/support',
      ['setImmediate'],
      ["ImportSpecifier[imported.name='systemClock']"],
    ),
  },
  {
    // Prettier wraps the code. A sentence for users is one string, whatever its length.
    rules: {
      'max-len': [
        'error',
        { code: 120, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true, ignoreUrls: true },
      ],
    },
  },
  { files: ['test/**'], rules: { 'no-console': 'off' } },
  // Scripts that run without a build.
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked], rules: { 'no-console': 'off' } },
  { files: ['**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
