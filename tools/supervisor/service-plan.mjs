import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from './ports.mjs';
import { environmentOf, ownSettings } from './services.mjs';

const preload = `--import=${pathToFileURL(join(import.meta.dirname, 'preload.mjs')).href}`;

/** Which processes to start, with what: one per service, or one for all. */
export const servicePlan = async ({ standalone, names, root, ...context }) => {
  const processes = standalone ? ['standalone'] : names;
  const plans = [];
  for (const name of processes) {
    const main = join(root, 'apps', name, 'dist', 'main.js');
    if (!existsSync(main)) throw new Error(`apps/${name} is not built (${main} is missing): npm run build`);
    const healthPort = await freePort();
    const holdsGateway = standalone ? names.includes('gateway') : name === 'gateway';
    const gatewayPort = holdsGateway ? context.gatewayPort : undefined;
    const grpcPort = holdsGateway ? context.grpcPort : undefined;
    const env = environmentOf(name, { ...context, root, healthPort, gatewayPort, grpcPort });
    if (standalone) {
      // The same directories as apart: one may change from one form to the other.
      Object.assign(env, { STANDALONE_SERVICES: names.join(','), DATA_DIR: join(context.stateDir, 'data') });
      Object.assign(env, ...names.map((each) => ownSettings(each, { ...context, root })));
    }
    plans.push({
      name,
      command: process.execPath,
      args: [preload, main],
      env,
      healthPort,
      /** Which services it answers for. */
      answersAs: standalone ? names : [name],
    });
  }
  return plans;
};
