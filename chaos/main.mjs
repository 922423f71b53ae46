// `npm run chaos -- --minutes 5 --seed 1`
import { resolve } from 'node:path';
import { requireNode } from '../tools/setup/node-version.mjs';

requireNode();
const { build, isBuilt } = await import('../tools/setup/build.mjs');
const { install, isInstalled } = await import('../tools/setup/install.mjs');
const { step } = await import('../tools/setup/terminal.mjs');
const { locateNats } = await import('../tools/nats/index.mjs');

const root = resolve(import.meta.dirname, '..');
if (!isInstalled(root)) await step('installing packages (npm ci)', () => install(root));
if (!isBuilt(root)) await step('building', () => build(root));
const { NATS_URL: _, ...env } = process.env;
// It starts a server of its own, to kill it.
process.env.NATS_SERVER_BIN ??= (await locateNats({ stateDir: resolve(root, '.millrace'), env })).binary;
await import('./dist/main.js');
