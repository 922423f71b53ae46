import preset from '../jest.preset.js';

export default { ...preset, displayName: 'conformance', testTimeout: 60_000 };
