import { DomainError } from '@millrace/contracts';

/** Around the value at the wanted quantile: so many rows lie strictly before it, so many before or at it. */
export interface Candidate {
  rows: number;
  before: number;
  through: number;
}

/**
 * Where to cut by time so that rows of one timestamp stay on one side: before the value at the wanted quantile or
 * after it, whichever comes nearer to the wanted share; neither side may be empty.
 * @returns how many rows go to train, and whether the value's own rows are among them
 * @throws DomainError data_invalid when all rows have one timestamp
 */
export const chooseBoundary = (
  { rows, before, through }: Candidate,
  testFraction: number,
): { train: number; inclusive: boolean } => {
  const wanted = rows * (1 - testFraction);
  const options = [
    { train: before, inclusive: false },
    { train: through, inclusive: true },
  ].filter(({ train }) => train > 0 && train < rows);
  if (options.length === 0)
    throw new DomainError(
      'data_invalid',
      'all rows have the same time: there is no earlier and no later part',
    );
  return options.reduce((best, next) =>
    Math.abs(next.train - wanted) < Math.abs(best.train - wanted) ? next : best,
  );
};
