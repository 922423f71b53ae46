/** All projects in one run: `npx jest`. One project: `nx test <project>`. */
export default {
  // Jest takes this from here alone when it runs several projects.
  testTimeout: 30_000,
  projects: [
    '<rootDir>/libs/*/jest.config.js',
    '<rootDir>/apps/*/jest.config.js',
    '<rootDir>/tools/jest.config.js',
    '<rootDir>/e2e/jest.config.js',
  ],
};
