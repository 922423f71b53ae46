export interface FitSettings {
  /** Memory that DuckDB may use to read a dataset. */
  memoryLimitMb: number;
  /** Of one dataset: a fit holds all of it in memory. */
  maxRows: number;
}

export const FIT_SETTINGS = Symbol('FIT_SETTINGS');
