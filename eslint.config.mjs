// @ts-check
import { readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';

/**
 * The import rule. A room is a folder or a file of `src`; `rooms` lists them from the inside to the outside, and a room may import itself
 * and the rooms before it. `headless` rooms run without the editor. Files in `everywhere` import nothing of `src`, and every room may import them.
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
  { files: ['test/**'], rules: { 'no-console': 'off' } },
  // Scripts that run without a build.
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked], rules: { 'no-console': 'off' } },
  { files: ['**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
