import { readFileSync } from 'node:fs';

const pageBytes = 4096;

/** What a process holds in memory, where the system tells (Linux); else 0. */
export const residentBytes = (pid: number | undefined): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
  } catch {
    // Ended, or another system: there is nothing to hold against it.
    return 0;
  }
};
