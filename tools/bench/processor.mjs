import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Linux tells times to programs in hundredths of a second, whatever its own clock is. */
const tickMs = 10;
const sum = (values) => values.reduce((total, value) => total + Number(value), 0) * tickMs;

/**
 * Milliseconds of CPU.
 * @param self /proc/self/stat
 * @param machine /proc/stat
 * @returns `own`: of this process and of all that it started and that has ended; `all`: of the whole machine
 */
export const cpuMsOf = (self, machine) => {
  // The name of the program stands in parentheses and may hold anything, also parentheses and spaces.
  const fields = self.slice(self.lastIndexOf(')') + 2).split(' ');
  const [user, nice, system, , , irq, softirq] = machine.split(/\s+/).slice(1);
  return { own: sum(fields.slice(11, 15)), all: sum([user, nice, system, irq, softirq]) };
};

/** 0 to 1: which share of all cores other programs used in `ms`. */
export const shareOfOthers = (before, after, ms, cores) => {
  const others = after.all - before.all - (after.own - before.own);
  return Math.min(1, Math.max(0, others / (ms * cores)));
};

const read = () => ({
  at: performance.now(),
  ...cpuMsOf(readFileSync('/proc/self/stat', 'utf8'), readFileSync('/proc/stat', 'utf8')),
});

/**
 * Which share of all cores other programs used since: a bench beside others measures them as well.
 * @returns {() => number | undefined} undefined where there is no Linux to say it. Ask when all that was started has ended.
 */
export const watchOthers = () => {
  try {
    const before = read();
    return () => {
      const after = read();
      return shareOfOthers(before, after, after.at - before.at, cpus().length);
    };
  } catch {
    return () => undefined;
  }
};
