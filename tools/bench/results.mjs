import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes what was measured. Of a bench in parts, those that did not run keep the rows of their last run, so each row says
 * when, of which commit, at which load average (before and after) and beside how much work of others (share of the CPU) it is.
 */
export const writeResults = (file, of, measured, { load, others }) => {
  const inParts = measured.some(({ part }) => part);
  const { date, commit } = of;
  const rows = inParts
    ? [...othersIn(file, measured), ...measured.map((row) => ({ ...row, date, commit, load, others }))]
    : measured;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...of, rows }, null, 2)}\n`);
};

const othersIn = (file, measured) => {
  const now = new Set(measured.map(({ part }) => part));
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : [];
  return before.filter(({ part }) => part && !now.has(part));
};
