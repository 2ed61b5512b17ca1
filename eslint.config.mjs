// @ts-check
import tseslint from 'typescript-eslint';

/** From the inside to the outside: a room may import itself and those before it. */
const rooms = ['zeyos', 'session', 'diagnosis', 'signIn', 'ui'];

/** The files of a room without the editor that need it all the same. */
const withEditor = ['instanceStore', 'authenticationProvider'];

const editor = { regex: '^vscode$', message: 'This file is written without the editor.' };
const needsEditor = { regex: `/(${withEditor.join('|')})$`, allowTypeImports: true, message: 'This file is written without the editor, and that one needs it.' };

/**
 * @param {string} name
 * @param {object[]} patterns what else it may not import
 * @returns {import('eslint').Linter.RulesRecord}
 */
function room(name, ...patterns) {
  const later = rooms.slice(rooms.indexOf(name) + 1);
  const forbidden = { regex: `^\\.\\./(${[...later, 'extension', 'api'].join('|')})(/|$)`, message: 'Dependencies point one way: extension → ui → signIn → diagnosis → session → zeyos.' };
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [forbidden, ...patterns] }] };
}

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/'] },
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
  { files: ['src/zeyos/**'], rules: room('zeyos', editor) },
  { files: ['src/session/**'], rules: room('session', editor, needsEditor) },
  { files: [`src/session/{${withEditor.join(',')}}.ts`], rules: room('session') },
  { files: ['src/diagnosis/**'], rules: room('diagnosis', editor, needsEditor) },
  { files: ['src/signIn/**'], rules: room('signIn') },
  { files: ['src/ui/**'], rules: room('ui') },
  { files: ['test/**'], rules: { 'no-console': 'off' } },
  // What runs as it is.
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked], rules: { 'no-console': 'off' } },
  { files: ['**/*.js'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
