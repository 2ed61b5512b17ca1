import tseslint from 'typescript-eslint';

/** Forbids imports by folder: arrows point from extension.ts to ui, signIn, session, zeyos; never back. */
const mayNotImport = (files, patterns, ignores = []) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const vscode = { regex: '^vscode$', message: 'This file is written without the editor.' };
const room = (...names) => ({ regex: `^\\.\\./(${names.join('|')})/`, message: 'Dependencies point one way: ui → signIn → session → zeyos.' });

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/', '**/*.js', '**/*.mjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
    },
  },
  { files: ['test/**'], rules: { 'no-console': 'off' } },
);
export { mayNotImport, vscode, room };
