import type { BenchRow } from './messaging.js';
import { chain, fan, gapsOf, percentile, startBed } from './orchestrator/bed.js';

const chainLength = 40;
const goal = 20;
const how =
  'SQLite with synchronous=FULL (fsync on), nats-server apart, orchestrator and worker in one process';

/** What orchestration costs: steps that do nothing, one after the other and side by side. */
export async function run(o = { runs: 10, width: 1_000 }): Promise<BenchRow[]> {
  await using bed = await startBed();
  for (const definition of [chain(chainLength), fan(o.width)]) await bed.submit(definition);
  // Warm up.
  await bed.drive(`chain-${chainLength}`);
  const warmedUp = bed.done.length;
  const chains: number[] = [];
  for (let i = 0; i < o.runs; i++) chains.push((await bed.drive(`chain-${chainLength}`)).ms);
  const gaps = gapsOf(bed.done.slice(warmedUp));
  const wide = await bed.drive(`fan-${o.width}`);

  const row = (metric: string, value: number, ofWhat: string): BenchRow => ({
    metric,
    value,
    unit: 'ms',
    how: `${ofWhat}; ${how}`,
  });
  const gapHow = `end of a step's work to begin of the next, ${o.runs} chains of ${chainLength} steps, warm`;
  const median = percentile(gaps, 0.5);
  return [
    { ...row('step overhead: median', median, gapHow), goal, ok: median <= goal },
    row('step overhead: p99', percentile(gaps, 0.99), gapHow),
    row(`chain of ${chainLength}`, percentile(chains, 0.5), 'start to the end of the run, median'),
    row(`fan-out of ${o.width}`, wide.ms, 'start to the end of the run, 16 at once'),
  ];
}
