import type { ColumnType } from '@millrace/contracts';

export const fileFormats = ['csv', 'jsonl', 'json', 'parquet'] as const;
export type FileFormat = (typeof fileFormats)[number];

export interface ImportOptions {
  format: FileFormat;
  /** So many rows, chosen at random by the seed, in the file's order; all rows when the file has fewer. */
  sample?: { rows: number; seed: number };
  /** Types of columns that are not to be inferred (CSV). */
  columns?: Record<string, ColumnType>;
  dialect?: {
    /** One character; detected from the header unless given. */
    delimiter?: string;
    /** Texts that mean "missing"; the empty one unless given. */
    missing?: string[];
  };
  /** What errors call the file; its base name unless given. */
  name?: string;
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** What a reader is given: the file, and what errors call it. */
export interface Source {
  path: string;
  /** e.g. `file 'flights.csv'` */
  what: string;
}
