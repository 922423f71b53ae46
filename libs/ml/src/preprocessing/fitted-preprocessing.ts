import type { ColumnKind } from '../table/table.js';
import type { DatePart } from './preprocessing-spec.js';

/** A numeric feature: `(x − center) · factor`, all in float32; missing or infinite x is `fill`. */
export interface FittedNumber {
  encode: 'number';
  fill: number;
  center: number;
  factor: number;
}

/** One feature per category (sorted). Missing is `fill` where one was learned; unknown is all zeros. */
export interface FittedOneHot {
  encode: 'oneHot';
  fill: string | number | null;
  categories: string[] | number[];
}

/** What becomes of one raw column, or of one part of a date. */
export type FittedPart = (FittedNumber | FittedOneHot) & {
  /** Set when the raw column is a timestamp. */
  part: DatePart | null;
  /** Index of its first feature. */
  offset: number;
  /** How many features it yields. */
  width: number;
};

export interface FittedColumn {
  name: string;
  kind: ColumnKind;
  parts: FittedPart[];
}

/** A fitted preprocessing: plain JSON, complete in itself. */
export interface FittedPreprocessing {
  version: 1;
  columns: FittedColumn[];
  /** Names in order: `distance`, `origin=ATL`, `date.hour`, `date.hour=5`. */
  features: string[];
}
