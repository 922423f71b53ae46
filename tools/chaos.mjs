// `npm run chaos -- --minutes 5 --seed 1`: sets everything up, then lets the storm loose (chaos/).
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { runBuilt } = await import('./setup/run-built.mjs');
await runBuilt('chaos/dist/main.js');
