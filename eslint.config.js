import { readdirSync } from 'node:fs';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const engines = ['onnxruntime-node', '@duckdb/*'];
const frameworks = ['typeorm', '@nestjs/*', '@nats-io/*'];
const tags = (...names) => names.map((name) => `type:${name}`);

/** What a project is decides which kinds of projects it may use. See docs/adr/. */
export const typeConstraints = [
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: tags('contracts', 'sdk', 'platform', 'ml', 'engine', 'testing'),
  },
  {
    sourceTag: 'type:composition',
    // The engine: tests of the whole make models of their own.
    onlyDependOnLibsWithTags: tags('app', 'contracts', 'sdk', 'platform', 'engine', 'testing', 'tool'),
  },
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: tags('contracts'),
    bannedExternalImports: [...frameworks, ...engines],
  },
  {
    sourceTag: 'type:ml',
    onlyDependOnLibsWithTags: tags('ml'),
    allowedExternalImports: ['fast-check'], // its specs
  },
  {
    sourceTag: 'type:engine',
    onlyDependOnLibsWithTags: tags('ml', 'contracts', 'engine', 'testing'),
    bannedExternalImports: frameworks,
  },
  {
    sourceTag: 'type:platform',
    onlyDependOnLibsWithTags: tags('platform', 'contracts', 'testing'),
    bannedExternalImports: engines,
  },
  {
    sourceTag: 'type:sdk',
    onlyDependOnLibsWithTags: tags('platform', 'sdk', 'contracts', 'testing'),
    bannedExternalImports: engines,
  },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: tags('contracts', 'ml', 'testing') },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: tags('contracts', 'platform', 'testing', 'tool') },
];

/** Whose a project is: nobody uses what belongs to another service. What composes services is nobody's. */
export const scopeConstraints = ['shared', ...readdirSync(new URL('apps', import.meta.url))]
  .filter((scope) => scope !== 'standalone')
  .map((scope) => ({
    sourceTag: `scope:${scope}`,
    onlyDependOnLibsWithTags: [`scope:${scope}`, 'scope:shared'],
  }));

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.millrace/**',
      '**/__fixtures__/**',
      'tools/generators/files/**',
      'coverage/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.js', '**/*.mjs'],
    plugins: { '@nx': nx, 'import-x': importX },
    languageOptions: { ecmaVersion: 2023, sourceType: 'module' },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: [],
          depConstraints: [...typeConstraints, ...scopeConstraints],
        },
      ],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'smart'],
    },
    settings: {
      'import-x/resolver': { typescript: true, node: true },
      // Without these, other files are not read and no cycle is ever seen.
      'import-x/extensions': ['.ts', '.js', '.mjs'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
  },
  // The preset belongs to the workspace, not to a project.
  { files: ['**/jest.config.js'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/config/*.env.ts', '**/main.ts', 'libs/testing/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Configuration comes from the EnvDto (config/*.env.ts).',
        },
      ],
      'no-console': 'error',
    },
  },
  { files: ['apps/cli/src/**/*.ts'], rules: { 'no-console': 'off' } },
  prettier,
);
