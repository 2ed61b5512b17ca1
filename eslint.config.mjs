import tseslint from 'typescript-eslint';

const editor = { regex: '^vscode$', message: 'This file is written without the editor.' };
const rooms = ['zeyos', 'session', 'signIn', 'diagnosis', 'ui'];

/** A room may import those before it. */
function room(name, ...patterns) {
  const later = rooms.slice(rooms.indexOf(name) + 1);
  const forbidden = [{ regex: `^\\.\\./(${[...later, 'extension', 'api'].join('|')})(/|$)`, message: 'Dependencies point one way: extension → ui → diagnosis → signIn → session → zeyos.' }, ...patterns];
  return { 'no-restricted-imports': ['error', { patterns: forbidden }] };
}

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/', '**/*.js', '**/*.mjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['src/zeyos/**'], rules: room('zeyos', editor) },
  { files: ['src/session/**'], rules: room('session', editor) },
  { files: ['src/session/{instanceStore,authenticationProvider}.ts'], rules: room('session') },
  { files: ['src/signIn/**'], rules: room('signIn') },
  { files: ['src/diagnosis/**'], rules: room('diagnosis', editor) },
  { files: ['src/ui/**'], rules: room('ui') },
  { files: ['test/**'], rules: { 'no-console': 'off' } },
);
