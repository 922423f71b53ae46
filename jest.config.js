/** All projects in one run: `npx jest`. One project: `nx test <project>`. */
export default {
  projects: [
    '<rootDir>/libs/*/jest.config.js',
    '<rootDir>/apps/*/jest.config.js',
    '<rootDir>/tools/jest.config.js',
    '<rootDir>/e2e/jest.config.js',
    '<rootDir>/chaos/jest.config.js',
  ],
  // Jest takes this from the root alone. Generous: on a busy machine a test may be slow, and is not wrong for it.
  testTimeout: 60_000,
};
