import { parseArgs } from 'node:util';
import { down, runningState, startAll, up } from './index.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    standalone: { type: 'boolean' },
    only: { type: 'string' },
    'state-dir': { type: 'string' },
  },
});
const options = {
  ...(values.standalone ? { standalone: true } : {}),
  ...(values.only ? { only: values.only.split(',') } : {}),
  ...(values['state-dir'] ? { stateDir: values['state-dir'] } : {}),
};

const asText = (state) =>
  [
    `Millrace is ${state.state} (process ${state.pid}, ${state.mode})`,
    `  nats      ${state.natsUrl ?? '-'}`,
    `  gateway   ${state.gatewayUrl ?? '-'}`,
    `  gRPC      ${state.grpcAddress ?? '-'}`,
    ...state.services.map(
      ({ name, pid, restarts }) => `  ${name.padEnd(13)} ${pid ?? 'down'}  restarts ${restarts}`,
    ),
  ].join('\n');
const print = (state, text) => console.log(values.json ? JSON.stringify(state) : text);

/** In the foreground, for `up` to start in the background. */
const run = async () => {
  const abort = new Promise((resolve) =>
    ['SIGTERM', 'SIGINT', 'SIGHUP'].forEach((s) => process.once(s, resolve)),
  );
  const starting = startAll({
    ...options,
    onEvent: (event) => console.log(JSON.stringify({ at: new Date().toISOString(), ...event })),
    say: console.log,
  });
  // A failed start is reported by `starting` itself, below.
  await Promise.race([abort, starting.then(() => abort)]);
  await (await starting).stop();
};

const commands = {
  run,
  up: async () => {
    const state = await up(options);
    print(state, asText(state));
  },
  down: async () => {
    const ran = await down(options);
    print({ stopped: ran }, ran ? 'Millrace is stopped' : 'Millrace was not running');
  },
  status: async () => {
    const state = runningState(options.stateDir);
    print(state ?? { state: 'stopped' }, state ? asText(state) : 'Millrace is not running');
    if (!state) process.exitCode = 3;
  },
};

const command = commands[positionals[0]];
if (!command) {
  console.error('usage: node tools/supervisor/bin.mjs up|down|status [--standalone] [--only a,b] [--json]');
  process.exit(2);
}
await command().catch((error) => {
  console.error(values.json ? JSON.stringify({ error: error.message }) : error.message);
  process.exitCode = 1;
});
