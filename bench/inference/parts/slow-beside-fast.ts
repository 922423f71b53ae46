import { setTimeout as wait } from 'node:timers/promises';
import type { BenchRow } from '../../messaging.js';
import { startBed } from '../bed.js';
import { busyFor, mlp } from '../models.js';
import { openLoop } from '../open-loop.js';
import { oneRow } from '../requests.js';
import { median, medianRatio, row } from '../statistics.js';

const rate = 1_000;
const ms = 4_000;
const rounds = 3;
const slowMs = 50;

/** A model that takes long, beside a fast one in the same replica. */
export const slow = async (): Promise<BenchRow[]> => {
  await using bed = await startBed();
  await bed.startReplica();
  await bed.deploy('fast', mlp());
  await bed.deploy('slow', await busyFor('slow', slowMs));
  const ask = (endpoint: string) => () => bed.client.requestRaw(bed.client.subjects.infer(endpoint), oneRow);
  await openLoop(ask('fast'), rate, 2_000);

  const alone: number[] = [];
  const beside: number[] = [];
  let runs = 0;
  for (let round = 0; round < rounds; round++) {
    alone.push((await openLoop(ask('fast'), rate, ms)).p99);
    let over = false;
    const caller = (async () => {
      for (; !over; runs++) await ask('slow')();
    })();
    beside.push((await openLoop(ask('fast'), rate, ms)).p99);
    over = true;
    await caller;
    await wait(200);
  }
  const how = `${rate} requests/s to the fast model, open loop, median of ${rounds} rounds in turn`;
  const perRun = (rounds * ms) / runs;
  return [
    row('fast alone: p99', median(alone), 'ms', how),
    row(
      'fast beside slow: p99',
      median(beside),
      'ms',
      `${how}; one caller of the slow one, answered every ${perRun.toFixed(0)} ms`,
    ),
    row('beside / alone', medianRatio(beside, alone), 'ratio', 'p99, within each round', 1.5, true),
  ];
};
