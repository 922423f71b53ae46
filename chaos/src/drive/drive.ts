import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { componentList, pipelineSubmit } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { drawTimeline, faultNames, type Fault, type FaultName } from '../faults/timeline.js';
import { inflict } from '../faults/inflict.js';
import { Books } from '../ledger/books.js';
import { Lines, type Effect, type Entry } from '../ledger/ledger.js';
import { judge } from '../ledger/verdict.js';
import { clockLibrary, House } from '../processes/house.js';
import { deadlyPipeline, drawPipelines } from '../workload/pipelines.js';
import { Clients } from './clients.js';
import type { Report } from './report.js';
import { queuesOf, settle } from './settle.js';

export interface DriveOptions {
  seed: number;
  directory: string;
  database: 'sqlite' | 'postgres';
  /** How long faults are inflicted. */
  seconds: number;
  /** How many runs there have to be at least: runs go on, and faults, until then. */
  runs: number;
  clients: number;
  faultEveryMs: number;
  leaseMs: number;
  settleMs: number;
  crashProbability: number;
  /** With runs of a step that kills its worker. */
  deadly: boolean;
  say(line: string): void;
}

const workers = 2;

/** What can be done here to such a house. */
export const possibleFaults = (database: DriveOptions['database']): FaultName[] =>
  faultNames.filter(
    (name) =>
      (name !== 'restart postgres' || database === 'postgres') &&
      (name !== 'jump clock' || clockLibrary() !== undefined),
  );

/** The timeline goes on for as long as it may be needed; what is not reached is not done. */
export const timelineOf = (o: DriveOptions): Fault[] =>
  drawTimeline({
    seed: o.seed,
    untilMs: o.runs > 0 ? Math.max(o.seconds * 1_000, 7_200_000) : o.seconds * 1_000,
    orchestrators: orchestratorsOf(o),
    workers,
    leaseMs: o.leaseMs,
    names: possibleFaults(o.database),
    everyMs: o.faultEveryMs,
  });

const orchestratorsOf = ({ database }: DriveOptions): number => (database === 'postgres' ? 2 : 1);

/** Starts a house, works it and breaks it for a while, lets it come to rest, and reads its books. */
export const drive = async (o: DriveOptions): Promise<Report> => {
  const began = performance.now();
  const at = (event: string): void =>
    o.say(`[${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s] ${event}`);
  await using house = await House.start({ ...o, orchestrators: orchestratorsOf(o), workers, onEvent: at });
  const client = new MessagingClient(await connectNats({ url: house.nats.url, name: 'chaos' }));
  const ledger = new Lines<Entry>(join(o.directory, 'ledger.jsonl'));
  const effects = new Lines<Effect>(join(o.directory, 'effects.jsonl'));
  await using books = new Books(house.env);
  const storm = new AbortController();
  try {
    const pipelines = [...drawPipelines(o.seed), ...(o.deadly ? [deadlyPipeline] : [])];
    await insist(async () => {
      const { items } = await client.request(componentList, {}, { timeoutMs: 2_000 });
      if (items.filter(({ name, alive }) => alive && name.startsWith('chaos.')).length < (o.deadly ? 7 : 6))
        throw new Error('not all components are there yet');
      for (const definition of pipelines) await client.request(pipelineSubmit, { definition });
    });
    at('the house is ready');
    const stormBegan = performance.now();
    const stormMs = (): number => performance.now() - stormBegan;
    const clients = new Clients({
      ...{ seed: o.seed, client, ledger, clients: o.clients, signal: storm.signal },
      pipelines: pipelines.map(({ name }) => name),
      enough: (started) => stormMs() > o.seconds * 1_000 && started >= o.runs,
    });
    const inflicted: Record<string, number> = {};
    const count = (event: string): void => {
      at(event);
      const name = event.replace(/ \d.*| \(.*/, '');
      inflicted[name] = (inflicted[name] ?? 0) + 1;
    };
    const faults = inflict(house, timelineOf(o), { calm: storm.signal, onEvent: count });
    const working = clients.run();
    await wait(o.seconds * 1_000);
    if (o.runs === 0) storm.abort();
    // Whoever waits for an answer needs one: the storm ends when the last run was asked for.
    await until(() => clients.started >= o.runs);
    storm.abort();
    house.calm = true;
    const stormed = stormMs();
    await faults;
    for (const [i] of house.orchestrators.entries()) house.moveClock(i, 0);
    await Promise.all(house.members.map((member) => member.restart()));
    at('calm: no more faults, and everything started anew');
    await working;
    const left = await settle(books, client, o.settleMs, (now) => at(`settling: ${JSON.stringify(now)}`));
    at(`settled: ${JSON.stringify(left)}`);
    if (left.tasks > 0) (await queuesOf(client)).forEach(at);
    const runs = await books.runs();
    const verdict = judge({ entries: ledger.read(), effects: effects.read(), runs, pipelines });
    return {
      ...verdict,
      left,
      integrity: await books.integrity(),
      brokenArtifacts: await books.brokenArtifacts(),
      inflicted,
      starts: house.starts,
      stormMs: Math.round(stormed),
      totalMs: Math.round(performance.now() - began),
      steps: runs.reduce((sum, run) => sum + run.steps.length, 0),
    };
  } finally {
    storm.abort();
    client.close();
    await client.nc.close();
  }
};

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await wait(100);
};

const insist = async (work: () => Promise<void>): Promise<void> => {
  const end = performance.now() + 60_000;
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw error;
      await wait(200);
    }
};
