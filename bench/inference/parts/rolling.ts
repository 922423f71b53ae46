import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@millrace/testing';
import type { BenchRow } from '../../messaging.js';
import { startBed } from '../bed.js';
import { mlp } from '../models.js';
import { startOpenLoad } from '../open-loop.js';
import { oneRow } from '../requests.js';
import { percentile, row } from '../statistics.js';

const rate = 4_000;
const quietMs = 5_000;
const atLeast = 100_000;

/** A new version, then both replicas restarted one after the other, under a constant load. */
export const rolling = async (): Promise<BenchRow[]> => {
  await using bed = await startBed();
  const replicas = [await bed.startReplica(), await bed.startReplica()];
  await bed.deploy('mlp', mlp(1));
  const subject = bed.client.subjects.infer('mlp');
  const ask = (): Promise<unknown> => bed.client.requestRaw(subject, oneRow);
  const warm = startOpenLoad(ask, rate);
  await wait(3_000);
  await warm.stop();

  const load = startOpenLoad(ask, rate);
  await wait(quietMs);
  const from = load.sent;
  const began = performance.now();
  await bed.deploy('mlp', mlp(7));
  const deployed = performance.now() - began;
  for (const replica of replicas) await replica.restart();
  const done = performance.now() - began;
  // What follows the restarts belongs to them: new processes are cold.
  await eventually(() => load.sent - from >= atLeast, { timeoutMs: 60_000, everyMs: 100 });
  await load.stop();

  const quiet = percentile(load.answers.between(500, quietMs), 0.99);
  const during = percentile(load.answers.between(quietMs, quietMs + done), 0.99);
  const { failed, failures } = load.answers;
  const codes = [...failures].map(([code, count]) => `${count} ${code}`).join(', ');
  const how = `${rate} requests/s, open loop, 2 replicas; a version deployed in ${Math.round(deployed)} ms, then each restarted (SIGTERM), ${(done / 1_000).toFixed(1)} s in all`;
  return [
    row('requests', load.sent - from, 'requests', how, atLeast),
    row('failed', failed, 'requests', codes ? `${codes}; ${how}` : how, 0, true),
    row('quiet: p99', quiet, 'ms', `${quietMs / 1_000} s before`),
    row('rolling: p99', during, 'ms', how),
    row(
      'rolling / quiet',
      during / quiet,
      'ratio',
      'p99 while deploying and restarting; booting takes a core',
      2,
      true,
    ),
  ];
};
