/*
 * Lint: the recommended rules with type information, and the shape that ARCHITECTURE.md promises.
 * What is about rooms and floors stands in test/house.test.ts.
 */
import prettier from 'eslint-config-prettier'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist/', 'data/', 'node_modules/', 'test/compile/fixtures/'] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      // A body that never yields by itself is still preemptible: the compiler puts the yields in.
      'require-yield': 'off',
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: ['test/**'],
    rules: { 'max-lines-per-function': 'off', 'no-console': 'off' },
  },
  {
    // Variables there are looked at by others: they are what a stack shows.
    files: ['test/**/*.process.ts'],
    rules: { '@typescript-eslint/no-unused-vars': 'off' },
  },
)
