import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const maxFileLines = ['error', { max: 300 }];
const maxFunctionLines = ['error', { max: 60, skipBlankLines: true, skipComments: true }];

/** Every request to the outside goes through one guarded client; nothing else may open one. */
const noRawOutbound = {
  'no-restricted-globals': [
    'error',
    { name: 'fetch', message: 'Use the guarded Outbound port (ingest/fetch.ts).' },
  ],
  'no-restricted-imports': [
    'error',
    {
      paths: ['http', 'https', 'node:http', 'node:https', 'undici'].map((name) => ({
        name,
        message: 'Outbound requests go through the guarded client; servers live in app.ts.',
      })),
    },
  ],
};

export default ts.config(
  { ignores: ['node_modules', 'dist', 'data', '.cache', 'coverage'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs['flat/recommended'],
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      'max-lines': maxFileLines,
      'max-lines-per-function': maxFunctionLines,
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'TSAsExpression:not([typeAnnotation.typeName.name="const"])',
          message: 'No type assertions but `as const`: parse unknown input with a schema instead.',
        },
      ],
      eqeqeq: 'error',
      'prefer-const': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
    },
  },
  {
    files: ['server/**/*.ts', 'ingest/**/*.ts'],
    ignores: [
      '**/*.test.ts',
      'server/testing/**',
      'server/cli.ts',
      'server/cli/**',
      'server/protocol/client/**',
      'server/protocol/client.ts',
    ],
    rules: noRawOutbound,
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'max-lines': ['error', { max: 200 }],
      'no-undef': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    rules: { 'no-undef': 'off' },
  },
  {
    files: ['**/*.test.ts', 'tests/**/*.ts', 'server/testing/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: [
      'scripts/**',
      'evals/**',
      'bench/**',
      'server/cli.ts',
      'server/cli/**',
      'tests/**',
      'server/testing/**',
    ],
    rules: { 'no-console': 'off' },
  },
);
