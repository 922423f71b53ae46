import preset from '../jest.preset.js';

export default { ...preset, displayName: 'chaos', testTimeout: 180_000 };
