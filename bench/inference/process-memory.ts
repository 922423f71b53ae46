import { readFileSync, writeFileSync } from 'node:fs';

/** Of another process, as Linux counts. */
const statusOf = (pid: number, field: string): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_000;
};

export const residentMb = (pid: number): number => statusOf(pid, 'VmRSS');

/** The most that was resident since `resetPeakMemory`. */
export const peakMemoryMb = (pid: number): number => statusOf(pid, 'VmHWM');

export const resetPeakMemory = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');
