export interface FitSettings {
  /** Memory that DuckDB may use to read a dataset. */
  memoryLimitMb: number;
}

export const FIT_SETTINGS = Symbol('FIT_SETTINGS');
