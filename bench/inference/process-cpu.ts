import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second. */
const tickMs = 10;

/** What a process has computed so far, in user and kernel, all threads. */
const cpuMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before may hold anything, also blanks and parentheses.
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(utime) + Number(stime)) * tickMs;
};

/** Microseconds of CPU that each process spends per request while `measure` runs. */
export const cpuPerRequest = async (
  pids: Record<string, number>,
  measure: (ms: number) => Promise<number>,
  ms = 3_000,
): Promise<Record<string, number>> => {
  const before = Object.entries(pids).map(([name, pid]) => [name, pid, cpuMs(pid)] as const);
  const began = performance.now();
  const perSecond = await measure(ms);
  const requests = (perSecond * (performance.now() - began)) / 1_000;
  return Object.fromEntries(
    before.map(([name, pid, then]) => [name, ((cpuMs(pid) - then) * 1_000) / requests]),
  );
};
