import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const page = (): string =>
  readFileSync(resolve(import.meta.dirname, '../../../../docs/invariants.md'), 'utf8');

/** The cells of the table below a heading, row by row. */
const tableOf = (heading: string): string[][] => {
  const [, below = ''] = page().split(`\n## ${heading}\n`);
  const [section = ''] = below.split('\n## ');
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

/** The invariants of decide that the documentation promises. */
export const promised = (): string[] =>
  ['A run', 'Several at once', 'Runs of runs', 'Room'].flatMap((heading) =>
    tableOf(heading).map(([name = '']) => name),
  );

/** `queued → running`, as the documentation lists them. */
export const waysOfSteps = (): string[] =>
  tableOf('The ways of a step').flatMap(([from = '', to = '']) =>
    to.split(', ').map((one) => `${from} → ${one}`),
  );
