import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { locateNats } from '../nats/index.mjs';
import { checkBinary } from '../nats/binary.mjs';
import { greetingOf } from '../nats/greeting.mjs';
import { startNatsServer } from './nats-process.mjs';
import { freePort } from './ports.mjs';
import { openReadiness } from './readiness.mjs';
import { claim, defaultStateDir } from './run-file.mjs';
import { servicePlan } from './service-plan.mjs';
import { SupervisedProcess } from './process.mjs';
import { listServices, listStandaloneServices, workspaceRoot } from './services.mjs';

/** A service that has died so often before it was ready once will not become so by waiting. */
const hopeless = 3;

/** Starts nats-server and the services; see README.md. */
export const startAll = async (options = {}) => {
  const { stateDir: directory = defaultStateDir, standalone = false, readyTimeoutMs = 60_000 } = options;
  const { onEvent = () => {}, autoRestart = true, say, root = workspaceRoot } = options;
  const stateDir = resolve(directory);
  const names = checkNames(options.only, standalone ? listStandaloneServices(root) : listServices(root));
  const file = claim(stateDir, standalone ? 'standalone' : 'processes');
  mkdirSync(join(stateDir, 'logs'), { recursive: true });

  const services = new Map();
  const processes = new Set();
  let nats, natsUrl, readiness, stopping;
  const describe = (change = {}) =>
    file.update({
      ...change,
      services: [...services.values()].map(({ name, pid, healthPort, restarts }) => ({
        name,
        pid,
        healthPort,
        restarts,
      })),
    });
  const announce = (event) => {
    if (['started', 'restarted', 'exited'].includes(event.type)) describe();
    onEvent(event);
  };
  const stop = () => {
    stopping ??= (async () => {
      onEvent({ type: 'stopping' });
      describe({ state: 'stopping' });
      await readiness?.close();
      await Promise.all([...processes].map((child) => child.stop()));
      await nats?.stop();
      file.release();
    })();
    return stopping;
  };

  const goOn = () => {
    if (stopping || options.signal?.aborted) throw new Error('stopped before it was up');
  };
  options.signal?.addEventListener('abort', stop, { once: true });

  try {
    goOn();
    const server = await serverFor({ ...options, stateDir, say });
    goOn();
    if (server.url) natsUrl = server.url;
    else
      ({ server: nats, url: natsUrl } = await startNatsServer({
        ...server,
        stateDir,
        autoRestart,
        onEvent: announce,
      }));
    onEvent({ type: 'nats', url: natsUrl, version: server.version, how: server.how });

    const gatewayPort = names.includes('gateway') ? await gatewayPortOf(options.gatewayPort) : undefined;
    // A port that nobody knows beforehand has no well-known one beside it.
    const grpcPort =
      gatewayPort === undefined ? undefined : await freePort(options.gatewayPort === 0 ? 0 : 8001);
    const grpcAddress = grpcPort === undefined ? undefined : `127.0.0.1:${grpcPort}`;
    const gatewayUrl = gatewayPort === undefined ? undefined : `http://127.0.0.1:${gatewayPort}`;
    readiness = await openReadiness(natsUrl, options.env?.SUBJECT_PREFIX);
    const startedAt = Date.now();
    const mayComeBack = (child) => child.running || autoRestart;
    const mayComeUp = (child) => child.running || (autoRestart && child.restarts < hopeless);
    const until = (name, endsAt, child, stillWorthIt = mayComeBack) =>
      readiness.until(name, endsAt, () => stillWorthIt(child));

    for (const plan of await servicePlan({
      ...options,
      root,
      stateDir,
      names,
      natsUrl,
      gatewayPort,
      grpcPort,
    })) {
      const child = new SupervisedProcess({
        ...plan,
        autoRestart,
        cwd: root,
        logFile: join(stateDir, 'logs', `${plan.name}.log`),
        onEvent: announce,
        whenReady: () =>
          Promise.all(plan.answersAs.map((name) => until(name, Date.now() + readyTimeoutMs, child))),
      });
      child.healthPort = plan.healthPort;
      processes.add(child);
      services.set(plan.name, child);
    }
    goOn();
    for (const child of processes) child.start();
    describe({ natsUrl, gatewayUrl, grpcAddress });

    const ready = async (timeoutMs = readyTimeoutMs, each = () => {}, stillWorthIt = mayComeBack) => {
      const endsAt = Date.now() + timeoutMs;
      const one = async (child) => {
        for (const name of child.options.answersAs)
          await until(name, endsAt, child, stillWorthIt).catch((error) => {
            throw new Error(
              `${error.message}\n--- the end of ${child.options.logFile} ---\n${child.tail()}`,
              { cause: error },
            );
          });
        each(child.name);
      };
      await Promise.all([...processes].map(one));
    };
    const tell = (name) => onEvent({ type: 'ready', name, afterMs: Date.now() - startedAt });
    await ready(readyTimeoutMs, tell, mayComeUp);
    describe({ state: 'ready' });
    return {
      services,
      natsUrl,
      gatewayUrl,
      grpcAddress,
      nats,
      stateDir,
      ready,
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** One that was asked for is had or refused, not quietly another. */
const gatewayPortOf = async (wanted) => {
  const port = await freePort(wanted ?? 8080);
  if (wanted && port !== wanted)
    throw new Error(`port ${wanted}, asked for the gateway, is in use by another program`);
  return port;
};

const serverFor = async ({ natsUrl, natsBinary, stateDir, say }) => {
  if (natsUrl) return { how: 'given', url: natsUrl, ...(await greetingOf(natsUrl, 3_000)) };
  if (natsBinary) return { how: 'given', ...(await checkBinary(natsBinary)) };
  return locateNats({ stateDir, say });
};

const checkNames = (wanted, known) => {
  const unknown = (wanted ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`no such service: ${unknown.join(', ')} (there are ${known.join(', ')})`);
  return wanted ?? known;
};
