import { fileURLToPath } from 'node:url';

/**
 * What every project's jest.config.js starts from: TypeScript through swc (with decorator metadata), native ESM,
 * and workspace packages resolved to their sources.
 */
export default {
  testEnvironment: fileURLToPath(new URL('./jest.environment.js', import.meta.url)),
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@millrace/source', 'node', 'node-addons'] },
  testTimeout: 30_000,
};
