// `npm run conformance -- --http http://localhost:8080`: sets everything up, then asks a server of the Open Inference Protocol (conformance/).
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { build, isBuilt } = await import('./setup/build.mjs');
const { install, isInstalled } = await import('./setup/install.mjs');
const { step } = await import('./setup/terminal.mjs');
const { locateNats } = await import('./nats/index.mjs');

const root = resolve(import.meta.dirname, '..');
if (!isInstalled(root)) await step('installing packages (npm ci)', () => install(root));
if (!isBuilt(root)) await step('building', () => build(root));
const { NATS_URL: _, ...env } = process.env;
// Without a URL, a Millrace of its own is asked.
process.env.NATS_SERVER_BIN ??= (await locateNats({ stateDir: resolve(root, '.millrace'), env })).binary;
await import(pathToFileURL(resolve(root, 'conformance/dist/main.js')).href);
