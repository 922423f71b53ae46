import { oneLine } from './printable.js';

export type Cell = string | number | undefined;

const textOf = (cell: Cell): string => (cell === undefined || cell === '' ? '-' : oneLine(String(cell)));

/** Columns as wide as what they hold; numbers to the right. */
export const table = (header: string[], rows: Cell[][]): string => {
  const texts = rows.map((row) => row.map(textOf));
  const numeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'),
  );
  const widths = header.map((name, column) =>
    Math.max(name.length, ...texts.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]): string =>
    cells
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(header.map((name) => name.toUpperCase())), ...texts.map(line)].join('\n');
};
