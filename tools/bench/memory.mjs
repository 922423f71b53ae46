import { existsSync, readFileSync } from 'node:fs';

/**
 * Memory of a process in MB, as Linux counts it: `rss` counts pages that are shared with others (Node's own code) in full in
 * each process, `pss` counts each share once in the sum.
 */
export const memoryOf = (pid) => {
  const file = `/proc/${pid}/smaps_rollup`;
  if (!existsSync(file)) return { rss: NaN, pss: NaN };
  const text = readFileSync(file, 'utf8');
  const of = (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1000;
  return { rss: of('Rss'), pss: of('Pss') };
};

export const sumOf = (pids) =>
  pids
    .map(memoryOf)
    .reduce((sum, { rss, pss }) => ({ rss: sum.rss + rss, pss: sum.pss + pss }), { rss: 0, pss: 0 });
