import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { build, isBuilt } from '../setup/build.mjs';
import { install, isInstalled } from '../setup/install.mjs';
import { bold, dim, green, print, red, setColour, step, yellow } from '../setup/terminal.mjs';
import { runningState } from '../supervisor/run-file.mjs';
import { startAll } from '../supervisor/start-all.mjs';
import { readArguments, usage } from './arguments.mjs';
import { Gateway } from './gateway.mjs';
import { endpointOf, runExample } from './run-example.mjs';
import { showPredictions } from './predictions.mjs';
import { showKept, showNext, showPlaces, showServices } from './tables.mjs';

const root = resolve(import.meta.dirname, '../..');
const abort = new AbortController();
const interrupted = new Promise((stop) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (abort.abort(), stop()));
});
// Whoever reads our output may be gone before us.
process.stdout.on('error', () => {});

const prepare = async () => {
  if (!existsSync(join(root, 'package-lock.json'))) throw new Error(`no package-lock.json in ${root}`);
  if (!isInstalled(root)) await step('installing packages (npm ci)', () => install(root, abort.signal));
  if (!isBuilt(root)) await step('building', () => build(root, abort.signal));
};

const onEvent = (event) => {
  if (abort.signal.aborted || event.type !== 'exited') return;
  const again = event.restartInMs === undefined ? '' : `; starting it again in ${event.restartInMs} ms`;
  const how = event.signal ?? `exit code ${event.code}`;
  print(yellow(`! ${event.name} ended (${how})${again}  ${dim(relative(root, event.log))}`));
};

const start = ({ standalone, port, stateDir }) =>
  step(
    standalone
      ? 'starting nats-server and all services in one process'
      : 'starting nats-server and the services',
    async (note) => {
      const startedAfter = new Map();
      const listen = (event) => {
        if (event.type === 'ready') startedAfter.set(event.name, event.afterMs);
        if (event.type === 'nats') note(`nats-server ${event.version} from ${event.how}`);
        onEvent(event);
      };
      const millrace = await startAll({
        standalone,
        stateDir,
        gatewayPort: port,
        onEvent: listen,
        say: note,
        signal: abort.signal,
      });
      return { millrace, startedAfter };
    },
  );

const example = async (millrace, { pipeline, params }) => {
  const pipelineFile = resolve(root, pipeline);
  const run = await runExample(new Gateway(millrace.gatewayUrl), pipelineFile, params, abort.signal);
  const endpoint = run && endpointOf(run);
  if (!endpoint) return run !== undefined;
  return showPredictions({
    root,
    pipelineFile,
    endpoint,
    natsUrl: millrace.natsUrl,
    gatewayUrl: millrace.gatewayUrl,
  });
};

const main = async () => {
  const options = readArguments(process.argv.slice(2));
  setColour(options.colour);
  if (options.help) return print(usage);
  const running = runningState(options.stateDir);
  if (running) throw new Error(alreadyRunning(running));

  await prepare();
  const { millrace, startedAfter } = await start(options);
  try {
    showServices(millrace, startedAfter);
    let fine = true;
    if (options.example) {
      fine = await example(millrace, options).catch((error) => {
        if (abort.signal.aborted) return false;
        print(red(error.message));
        return false;
      });
      if (!fine) process.exitCode = 1;
    }
    if (!options.once && !abort.signal.aborted) {
      showPlaces(millrace);
      showNext(millrace, root);
      print(
        fine
          ? green('Millrace is up. Ctrl-C stops it.')
          : yellow('Millrace is up, but the example failed. Ctrl-C stops it.'),
      );
      await interrupted;
      process.exitCode = 0;
    }
    if (options.once && fine && !abort.signal.aborted) showKept(millrace);
  } finally {
    print();
    await step('stopping', () => millrace.stop());
  }
};

const alreadyRunning = ({ pid, startedAt, gatewayUrl, natsUrl }) =>
  [
    `Millrace runs already in this directory (process ${pid}, since ${startedAt}).`,
    ...(gatewayUrl ? [`  gateway  ${gatewayUrl}`, `  nats     ${natsUrl}`] : []),
    `Stop it by Ctrl-C where it runs, or by: npx millrace down`,
  ].join('\n');

await main().catch((error) => {
  process.exitCode = abort.signal.aborted ? 130 : 1;
  if (abort.signal.aborted) return;
  print(bold(red('Millrace could not be started.')));
  print(error.message);
});
// Idle connections of fetch would hold the process for some seconds.
process.exit();
