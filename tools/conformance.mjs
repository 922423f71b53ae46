// `npm run conformance -- --http http://localhost:8080`: sets everything up, then asks a server of the Open Inference Protocol
// (conformance/); without a URL, a Millrace of its own.
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { runBuilt } = await import('./setup/run-built.mjs');
await runBuilt('conformance/dist/main.js');
