import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { componentList, pipelineSubmit } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging';
import { inflict } from '../faults/inflict.js';
import { Books } from '../ledger/books.js';
import { Lines, type Effect, type Entry } from '../ledger/ledger.js';
import { writeSuspects } from '../ledger/suspects.js';
import { judge } from '../ledger/verdict.js';
import { clockLibrary, House } from '../processes/house.js';
import { inheritedRun, inheritedX } from '../processes/old-database.js';
import { definitionOf } from '../workload/definition-of.js';
import { deadly, drawSketches, hearing, inherited, limited, ticking } from '../workload/pipelines.js';
import type { Sketch } from '../workload/sketch.js';
import { Asking, insist } from './asking.js';
import { Clients } from './clients.js';
import { decideApprovals } from './desk.js';
import { orchestratorsOf, timelineOf, workers, type DriveOptions } from './options.js';
import type { Report } from './report.js';
import { endSchedule } from './schedule.js';
import { Sender } from './sender.js';
import { queuesOf, settle } from './settle.js';

const componentsOf = (o: DriveOptions): number => (o.deadly ? 9 : 8);
const messageEveryMs = 500;
const farthestJumpMs = 3_600_000;

/** Starts a house, works it and breaks it for a while, lets it come to rest, and reads its books. */
export const drive = async (o: DriveOptions): Promise<Report> => {
  const began = performance.now();
  const at = (event: string): void =>
    o.say(`[${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s] ${event}`);
  await using house = await House.build({ ...o, orchestrators: orchestratorsOf(o), workers, onEvent: at });
  const ledger = new Lines<Entry>(join(o.directory, 'ledger.jsonl'));
  const effects = new Lines<Effect>(join(o.directory, 'effects.jsonl'));
  ledger.append({ type: 'inherited', run: inheritedRun, pipeline: inherited.name, x: inheritedX });
  await house.start();
  const client = new MessagingClient(await connectNats({ url: house.nats.url, name: 'chaos' }));
  await using books = new Books(house.env);
  const storm = new AbortController();
  const over = new AbortController();
  try {
    // Each behind those that it runs.
    const asked: Sketch[] = [limited, ...drawSketches(o.seed), ...(o.deadly ? [deadly] : [])];
    const sketches = [...asked, ticking, hearing, inherited];
    await insist(async () => {
      const { items } = await client.request(componentList, {}, { timeoutMs: 2_000 });
      const there = items.filter(({ name, alive }) => alive && name.startsWith('chaos.')).length;
      if (there < componentsOf(o)) throw new Error('not all components are there yet');
      for (const sketch of sketches)
        await client.request(pipelineSubmit, { definition: definitionOf(sketch) });
    });
    const ticksFrom = Date.now();
    const inflicted: Record<string, number> = {};
    const died = house.orchestrators.reduce((sum, { deaths }) => sum + deaths, 0);
    if (died > 0) inflicted['kill migrating'] = died;
    at('the house is ready');

    const stormBegan = performance.now();
    const stormMs = (): number => performance.now() - stormBegan;
    const asking = new Asking(client, ledger);
    const clients = new Clients({
      ...{ seed: o.seed, client, ledger, asking, clients: o.clients, signal: storm.signal },
      sketches: asked,
      enough: (started) => stormMs() > o.seconds * 1_000 && started >= o.runs,
    });
    const desk = decideApprovals({ client, sketches, requests: clients.requests, signal: over.signal });
    const sender = new Sender({
      ...{ seed: o.seed, client, ledger, everyMs: messageEveryMs, losses: () => house.losses },
      subject: hearing.trigger?.subject ?? '',
    });
    const count = (event: string): void => {
      at(event);
      const name = event.replace(/ \d.*| \(.*/, '');
      inflicted[name] = (inflicted[name] ?? 0) + 1;
    };
    const faults = inflict(house, timelineOf(o), {
      ...{ calm: storm.signal, onFault: count, onEvent: at },
      onSpoil: (digest) => ledger.append({ type: 'spoiled', digest }),
    });
    const working = Promise.all([clients.run(), sender.run(storm.signal)]);
    working.catch(() => storm.abort());
    await wait(o.seconds * 1_000, undefined, { signal: storm.signal }).catch(() => undefined);
    if (o.runs === 0) storm.abort();
    // Whoever waits for an answer needs one: the storm ends when the last run was asked for.
    await until(() => clients.started >= o.runs || storm.signal.aborted);
    storm.abort();
    house.calm = true;
    const stormed = stormMs();
    await faults;
    for (const [i] of house.orchestrators.entries()) house.moveClock(i, 0);
    await Promise.all(house.members.map((member) => member.restart()));
    at('calm: no more faults, and everything started anew');
    const ticksTo = lastTickOf(ticking, Date.now());
    await working;
    await sender.finish();
    await endSchedule(client, ticking.name, ticksTo);
    ledger.append({ type: 'ticking', pipeline: ticking.name, from: ticksFrom, to: ticksTo });
    const left = await settle(books, client, {
      patienceMs: o.settleMs,
      say: (now) => at(`settling: ${JSON.stringify(now)}`),
      unpause: (run) => asking.once(run, 'unpause'),
    });
    over.abort();
    await desk;
    at(`settled: ${JSON.stringify(left)}`);
    if (left.tasks > 0) (await queuesOf(client)).forEach(at);
    const runs = await books.runs();
    const verdict = judge({
      ...{ entries: ledger.read(), effects: effects.read(), runs, sketches },
      clocksMovedMs: clockLibrary() === undefined ? 0 : farthestJumpMs,
    });
    writeSuspects(join(o.directory, 'findings.json'), verdict.findings, runs);
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
    over.abort();
    client.close();
    await client.nc.close();
  }
};

/** The last moment until now at which the schedule was due. */
const lastTickOf = ({ schedule }: Sketch, now: number): number => {
  const everyMs = (schedule?.everySeconds ?? 1) * 1_000;
  return Math.floor(now / everyMs) * everyMs;
};

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await wait(100);
};
