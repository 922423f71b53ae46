export interface ScoreSettings {
  /** Rows that are in memory at a time, and in one file of the result. */
  sliceRows: number;
  /** Where it is kept what was written of results that are not whole. */
  directory: string;
}

export const SCORE_SETTINGS = Symbol('SCORE_SETTINGS');

/** As many as DuckDB puts into a group of rows, which is then read once. */
export const defaultSliceRows = 122_880;
