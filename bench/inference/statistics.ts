import type { BenchRow } from '../messaging.js';

export const percentile = (values: ArrayLike<number>, p: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN;
};

export const median = (values: ArrayLike<number>): number => percentile(values, 0.5);

/** Of each pair of one round, so that what else the machine does touches both sides alike. */
export const medianRatio = (a: readonly number[], b: readonly number[]): number =>
  median(a.map((value, i) => value / b[i]!));

/** `goal` must be reached: by at least as much, or with `less` by at most as much. */
export const row = (
  metric: string,
  value: number,
  unit: string,
  how: string,
  goal?: number,
  less = false,
): BenchRow => ({
  ...{ metric, value, unit, how },
  ...(goal === undefined ? {} : { goal, ok: less ? value <= goal : value >= goal, less }),
});

/** Something that is measured in turn with others. */
export type Side = (ms: number) => Promise<number>;

/** Every side in turn, `rounds` times, after a round to warm up: what each round gave. */
export const inTurn = async <Name extends string>(
  sides: Record<Name, Side>,
  { rounds, ms, warmMs = ms }: { rounds: number; ms: number; warmMs?: number },
): Promise<Record<Name, number[]>> => {
  const names = Object.keys(sides) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await sides[name](warmMs);
  for (let round = 0; round < rounds; round++)
    for (const name of names) results[name].push(await sides[name](ms));
  return results;
};

/** @param micros per request, by process */
export const cpuRows = (model: string, micros: Record<string, number>): BenchRow[] =>
  Object.entries(micros).map(([name, value]) =>
    row(`${model}: CPU of ${name}`, value, 'µs', 'per request, user and kernel, all threads'),
  );
