export interface EvaluateSettings {
  /** Of one dataset: an evaluation holds all of it in memory. */
  maxRows: number;
}

export const EVALUATE_SETTINGS = Symbol('EVALUATE_SETTINGS');
