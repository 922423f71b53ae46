import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { runBench } from '../tools/bench/run-bench.mjs';
import { Gateway } from '../tools/start/gateway.mjs';
import { startAll } from '../tools/supervisor/index.mjs';
import { sumOf } from '../tools/bench/memory.mjs';

const root = resolve(import.meta.dirname, '..');
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const atMost = (metric, value, unit, goal, how) => ({ metric, value, unit, goal, ok: value <= goal, how });

/** Seconds without a request before memory counts as idle. */
const idleSeconds = 10;

/** Starts all `times` times on empty state. Keeps the last for `use`. */
const measureStart = async (standalone, times, use) => {
  const startSeconds = [];
  for (let turn = 1; ; turn++) {
    const stateDir = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    const startedAt = performance.now();
    const millrace = await startAll({ standalone, stateDir, gatewayPort: 0 });
    startSeconds.push((performance.now() - startedAt) / 1000);
    try {
      if (turn === times) return { seconds: median(startSeconds), ...(await use(millrace)) };
    } finally {
      await millrace.stop();
      rmSync(stateDir, { recursive: true, force: true });
    }
  }
};

const idleMemory = async (millrace) => {
  await wait(idleSeconds * 1000);
  const services = [...millrace.services.values()].map(({ pid }) => pid);
  return { memory: sumOf(services), nats: sumOf([millrace.nats.pid]), count: services.length };
};

const runPipeline = async (millrace, name, params) => {
  const gateway = new Gateway(millrace.gatewayUrl);
  const yaml = readFileSync(join(root, 'examples', name, 'pipeline.yaml'), 'utf8');
  const watch = await watchCompletions(millrace.natsUrl);
  const startedAt = performance.now();
  const submitted = await gateway.post('/v1/pipelines', { yaml }, crypto.randomUUID());
  const body = { pipeline: submitted.name, params, cache: false };
  let run = await gateway.post('/v1/runs', body, crypto.randomUUID());
  while (!['succeeded', 'failed', 'cancelled'].includes(run.status)) {
    await wait(50);
    run = await gateway.get(`/v1/runs/${run.run}`);
  }
  if (run.status !== 'succeeded') throw new Error(`${name} ${run.status}: ${run.error?.message}`);
  const seconds = (performance.now() - startedAt) / 1000;
  await watch[Symbol.asyncDispose]();
  return { seconds, overheads: overheadsIn(watch.completions) };
};

/**
 * From the end of one step's work to the begin of the next, in ms, as the workers saw it: their completions pass by on NATS.
 * The times in a run say when the orchestrator heard of it, which a running step may wait to be told along with other news.
 */
const overheadsIn = (completions) =>
  completions.slice(1).map(({ startedAt }, i) => startedAt - completions[i].finishedAt);

const watchCompletions = async (natsUrl) => {
  const nc = await connect({ servers: natsUrl });
  const completions = [];
  nc.subscribe('millrace.v1.done', { callback: (_, message) => completions.push(message.json()) });
  await nc.flush();
  return { completions, [Symbol.asyncDispose]: () => nc.close() };
};

const startRows = (what, { seconds, memory, nats, count }, [secondsGoal, memoryGoal], times) => {
  const idle = `${idleSeconds} s after all were ready, no requests; sum over ${count} process${count > 1 ? 'es' : ''}, /proc/<pid>/smaps_rollup`;
  return [
    atMost(
      `${what}: up and ready`,
      seconds,
      's',
      secondsGoal,
      `built before, empty state, nats-server included; median of ${times}`,
    ),
    atMost(
      `${what}: idle memory (RSS)`,
      memory.rss,
      'MB',
      memoryGoal,
      `${idle}; what is shared counts in each`,
    ),
    {
      metric: `${what}: idle memory (PSS)`,
      value: memory.pss,
      unit: 'MB',
      how: `${idle}; what is shared counts once`,
    },
    {
      metric: `${what}: nats-server (RSS)`,
      value: nats.rss,
      unit: 'MB',
      how: 'beside them, not in the sums',
    },
  ];
};

export const run = async () => {
  const times = 3;
  const apart = await measureStart(false, times, async (millrace) => {
    const idle = await idleMemory(millrace);
    const flights = await runPipeline(millrace, 'flights', { rows: 200_000 });
    const again = await runPipeline(millrace, 'flights', { rows: 200_000 });
    const penguins = await runPipeline(millrace, 'penguins', {});
    return { ...idle, flights, again, penguins };
  });
  const together = await measureStart(true, times, idleMemory);
  const flightsHow = 'submit to the endpoint being ready, 9 steps, cache off';
  const overheads = [...apart.again.overheads, ...apart.penguins.overheads];
  const others = [];
  for (const name of ['step-overhead', 'messaging'])
    others.push(
      ...(await runBench(root, join(root, 'bench', `${name}.ts`))).filter(({ goal }) => goal !== undefined),
    );
  return [
    ...startRows('processes', apart, [12, 1200], times),
    ...startRows('standalone', together, [4, 350], times),
    atMost('flights, 200,000 rows', apart.flights.seconds, 's', 40, `${flightsHow}; first run`),
    { metric: 'flights again', value: apart.again.seconds, unit: 's', how: `${flightsHow}; second run` },
    { metric: 'penguins', value: apart.penguins.seconds, unit: 's', how: 'the same for the small example' },
    atMost(
      'step overhead in the examples: median',
      median(overheads),
      'ms',
      20,
      "flights again and penguins, every service its own process: end of a step's work to begin of the next, by the workers' clock",
    ),
    ...others,
  ];
};
