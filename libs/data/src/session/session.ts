/** A statement's result as DuckDB writes it in JSON: 64-bit integers and timestamps are text. */
export interface RawResult {
  names: string[];
  /** DuckDB's names of types, e.g. `DECIMAL(18,3)`. */
  types: string[];
  rows: unknown[][];
}

/** One private in-memory DuckDB whose configuration is locked and which may open only the files named to it. */
export interface Session {
  run(sql: string): Promise<RawResult>;
}

export interface SessionOptions {
  /** Files that may be read. */
  reads: readonly string[];
  /** Files that may be written; their size is watched against `maxOutputBytes`. */
  writes?: readonly string[];
  signal?: AbortSignal;
}

export interface EngineSettings {
  memoryLimitMb: number;
  threads: number;
  /** Where DuckDB spills; each session has its own directory below. */
  tempDirectory: string;
  timeoutMs: number;
  maxOutputBytes: number;
}

/** Rows of plain records, by name. Only for statements of ours, whose names are known. */
export const records = <T>({ names, rows }: RawResult): T[] =>
  rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])) as T);
