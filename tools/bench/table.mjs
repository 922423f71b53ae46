import { dim, green, print, red } from '../setup/terminal.mjs';

const number = (value) =>
  Number.isNaN(value) || value === null
    ? '–'
    : String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
const atMost = ({ goal, value, ok, less }) =>
  less ?? (goal !== undefined && (ok ? value <= goal : value > goal));

/** One line per row: what, how much, what was wanted, whether it is, and how it was measured. */
export const printTable = (rows) => {
  const width = Math.max(...rows.map(({ metric }) => metric.length));
  for (const row of rows) {
    const { metric, value, unit, goal, ok, how } = row;
    const wanted = goal === undefined ? '' : `${atMost(row) ? '≤' : '≥'} ${number(goal)}`;
    const verdict = ok === undefined ? '    ' : ok ? green('ok  ') : red('MISS');
    print(
      `${metric.padEnd(width)}  ${number(value).padStart(9)} ${unit.padEnd(10)} ${wanted.padEnd(9)} ${verdict} ${dim(how)}`,
    );
  }
};
