import { loadavg } from 'node:os';
import type { BenchRow } from './messaging.js';
import { chain, fan, gapsOf, percentile, startBed, type Bed } from './orchestrator/bed.js';
import { addHistory } from './orchestrator/history.js';
import { measurePeers } from './orchestrator/peers.js';

const chainLength = 40;
const how =
  'SQLite with synchronous=FULL (fsync on), nats-server apart, orchestrator and worker in one process';

const row = (metric: string, value: number, unit: string, ofWhat: string, goal?: number): BenchRow => ({
  ...{ metric, value, unit, how: `${ofWhat}; ${how}` },
  ...(goal === undefined ? {} : { goal, ok: value <= goal }),
});

const medianOf = (values: readonly number[]): number => percentile(values, 0.5);

/** One chain after the other. */
const sequential = async (bed: Bed, runs: number): Promise<BenchRow[]> => {
  await bed.submit(chain(chainLength));
  for (let i = 0; i < 3; i++) await bed.drive(`chain-${chainLength}`);
  const from = bed.done.length;
  const times: number[] = [];
  for (let i = 0; i < runs; i++) times.push((await bed.drive(`chain-${chainLength}`)).ms);
  const gaps = gapsOf(bed.done.slice(from));
  const gapHow = `end of a step's work to begin of the next, ${runs} chains of ${chainLength} steps, warm`;
  return [
    row('step overhead: median', medianOf(gaps), 'ms', gapHow, 3),
    row('step overhead: p99', percentile(gaps, 0.99), 'ms', gapHow, 15),
    row(`chain of ${chainLength}`, medianOf(times), 'ms', `request to end, median of ${runs}`, 600),
  ];
};

const wide = async (bed: Bed, width: number): Promise<BenchRow[]> => {
  await bed.submit(fan(width));
  const { ms } = await bed.drive(`fan-${width}`);
  return [row(`fan-out of ${width}`, ms, 'ms', 'request to end, 16 steps at once', 4_000)];
};

const heapMb = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** Many chains side by side, for long enough that what grows is seen. */
const sustained = async (bed: Bed, steps: number): Promise<BenchRow[]> => {
  const from = bed.done.length;
  const before = heapMb();
  const began = performance.now();
  let left = steps / chainLength;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await bed.drive(`chain-${chainLength}`);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  const seconds = (performance.now() - began) / 1_000;
  const gaps = gapsOf(bed.done.slice(from));
  const first = medianOf(gaps.slice(0, 1_000));
  const last = medianOf(gaps.slice(-1_000));
  const perSecond = steps / seconds;
  const ofWhat = `${steps} steps, 8 chains at once`;
  return [
    { ...row('sustained', perSecond, 'steps/s', ofWhat), goal: 300, ok: perSecond >= 300 },
    row('latency of the last 1,000 steps to the first', last / first, '×', ofWhat, 1.3),
    row('heap after it, more than before', heapMb() - before, 'MB', `${ofWhat}, after gc`),
  ];
};

/** Starts of runs in an empty database, and in one with a history. */
const withHistory = async (bed: Bed, runs: number): Promise<BenchRow[]> => {
  await bed.submit(chain(5));
  const starts = async (): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 60; i++) times.push((await bed.drive('chain-5')).startMs);
    return medianOf(times.slice(10));
  };
  const { run } = await bed.drive('chain-5');
  const before = await starts();
  await addHistory(bed.dataDir, run, runs);
  const after = await starts();
  return [
    row('start of a run', before, 'ms', 'run.start, request to answer, median of 50'),
    row(`the same with ${runs} finished runs`, after, 'ms', 'run.start, request to answer, median of 50'),
    row('with that history to without', after / before, '×', 'the two above', 1.3),
  ];
};

/** The numbers that durable runs are promised with, and those of other engines on the same machine in the same minutes. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  {
    // A database of its own for what is said of an empty one.
    await using bed = await startBed();
    rows.push(...(await withHistory(bed, 10_000)));
  }
  {
    await using bed = await startBed();
    rows.push(...(await sequential(bed, 20)));
    rows.push(...(await wide(bed, 1_000)));
    rows.push(...(await sustained(bed, 10_000)));
  }
  const ours = rows.find(({ metric }) => metric === `chain of ${chainLength}`)?.value ?? NaN;
  for (const peer of await measurePeers())
    rows.push(
      { metric: `chain of ${chainLength}: ${peer.name}`, value: peer.chainMs, unit: 'ms', how: peer.how },
      {
        metric: `${peer.name} to Millrace`,
        value: peer.chainMs / ours,
        unit: '×',
        how: `its chain to ours, whose steps are messages to another service; ${peer.how}`,
      },
    );
  const [minute = NaN] = loadavg();
  rows.push({ metric: 'load average while measuring', value: minute, unit: '', how: 'of the last minute' });
  return rows;
}
