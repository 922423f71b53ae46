import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Who may import whom (two dimensions: what a project is, and whose it is). See docs/adr/. */
export const depConstraints = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:contracts', 'type:sdk', 'type:platform', 'type:ml', 'type:engine', 'type:testing'] },
  { sourceTag: 'type:composition', onlyDependOnLibsWithTags: ['type:app', 'type:contracts', 'type:sdk', 'type:platform', 'type:testing'] },
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: ['type:contracts'], bannedExternalImports: ['typeorm', '@nestjs/*', '@nats-io/*', 'onnxruntime-node', '@duckdb/*'] },
  { sourceTag: 'type:ml', onlyDependOnLibsWithTags: ['type:ml'], allowedExternalImports: ['fast-check'] /* its specs */ },
  { sourceTag: 'type:engine', onlyDependOnLibsWithTags: ['type:ml', 'type:contracts', 'type:engine', 'type:testing'], bannedExternalImports: ['typeorm', '@nestjs/*', '@nats-io/*'] },
  { sourceTag: 'type:platform', onlyDependOnLibsWithTags: ['type:platform', 'type:contracts', 'type:testing'], bannedExternalImports: ['onnxruntime-node', '@duckdb/*'] },
  { sourceTag: 'type:sdk', onlyDependOnLibsWithTags: ['type:platform', 'type:sdk', 'type:contracts', 'type:testing'], bannedExternalImports: ['onnxruntime-node', '@duckdb/*'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:contracts', 'type:ml', 'type:testing'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['*'] },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.millrace/**', '**/__fixtures__/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.js', '**/*.mjs'],
    plugins: { '@nx': nx, 'import-x': importX },
    languageOptions: { ecmaVersion: 2023, sourceType: 'module' },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: false, allow: [], depConstraints }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'smart'],
    },
    settings: { 'import-x/resolver': { typescript: true, node: true } },
  },
  {
    files: ['apps/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/config/*.env.ts', '**/main.ts', 'libs/testing/**'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Configuration comes from the EnvDto (config/*.env.ts).' }],
      'no-console': 'error',
    },
  },
  { files: ['apps/cli/src/**/*.ts'], rules: { 'no-console': 'off' } },
  prettier,
);
