import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { locateNats } from '../nats/index.mjs';
import { build, isBuilt } from './build.mjs';
import { install, isInstalled } from './install.mjs';
import { step } from './terminal.mjs';

const root = resolve(import.meta.dirname, '../..');

/** Sets everything up, then runs a built program that starts nats-servers of its own, whatever `NATS_URL` says. */
export const runBuilt = async (program) => {
  if (!isInstalled(root)) await step('installing packages (npm ci)', () => install(root));
  if (!isBuilt(root)) await step('building', () => build(root));
  const { NATS_URL: _, ...env } = process.env;
  process.env.NATS_SERVER_BIN ??= (await locateNats({ stateDir: resolve(root, '.millrace'), env })).binary;
  await import(pathToFileURL(resolve(root, program)).href);
};
