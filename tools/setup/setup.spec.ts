import { nodeIsSupported } from './node-version.mjs';

it.each([
  ['v20.19.0', true],
  ['v20.18.3', false],
  ['v18.20.0', false],
  ['v21.7.0', false],
  ['v22.11.0', false],
  ['v22.12.0', true],
  ['v24.0.0', true],
])('Node %s: %s', (version, supported) => {
  expect(nodeIsSupported(version)).toBe(supported);
});
