import { tmpdir } from 'node:os';
import type { ColumnProfile, ColumnSchema } from '@millrace/contracts';
import type { Table } from '@millrace/ml';
import { storedColumns, type Written } from './columns/write-parquet.js';
import { checkSource, importFile } from './import/import-file.js';
import type { ImportOptions } from './import/import-options.js';
import { defaultLimits, type DataLimits } from './limits.js';
import { profile } from './profile/profile.js';
import { query } from './query/query.js';
import { ChildPool } from './session/child-pool.js';
import { withInlineSession } from './session/inline-session.js';
import { withProcessSession } from './session/process-session.js';
import type { EngineSettings, SessionOptions } from './session/session.js';
import { split, type SplitOptions, type SplitResult } from './split/split.js';
import { extendSlice, type Extension } from './score/extend-slice.js';
import { parquetScan } from './sql/sql-text.js';
import { plainRows } from './table/preview.js';
import { readTable } from './table/read-table.js';

export interface DataOptions {
  /** What DuckDB may hold at once; beyond it spills to disk. Default 1,024. */
  memoryLimitMb?: number;
  /** Of calls that write nothing. Default 1; what is written is always written by one, so that bytes are reproducible. */
  threads?: number;
  /** Where DuckDB spills. Default: the system's. */
  tempDirectory?: string;
  limits?: Partial<DataLimits>;
}

export interface CallOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** Opens nothing yet: DuckDB is loaded by the first call, and each call has a database of its own. */
export const openData = (options: DataOptions = {}): Promise<DataEngine> =>
  Promise.resolve(new DataEngine(options));

/**
 * Reads, profiles and reshapes tables. Paths are local files; the caller has resolved and allowed them. Every method
 * throws DomainErrors: `data_invalid`, `invalid_request`, `not_found`, `payload_too_large`, `deadline_exceeded`,
 * `cancelled`, `storage_full`.
 */
export class DataEngine {
  readonly #children = new ChildPool();
  readonly #limits: DataLimits;
  readonly #options: DataOptions;

  constructor(options: DataOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
  }

  /** A file from outside → one Parquet file. In a process of its own. */
  async importFile(path: string, options: ImportOptions, outParquet: string): Promise<Written> {
    const source = await checkSource(path, options.name, this.#limits);
    return withProcessSession(
      this.#children,
      this.#settings(options),
      { reads: [path], writes: [outParquet], ...options },
      (session) => importFile(session, source, options, outParquet, this.#limits),
    );
  }

  /** One SELECT over the table `dataset` → one Parquet file. In a process of its own, without access to anything else. */
  query(
    sql: string,
    input: { dataset: readonly string[] },
    outParquet: string,
    options: CallOptions = {},
  ): Promise<Written> {
    return withProcessSession(
      this.#children,
      this.#settings(options),
      { reads: input.dataset, writes: [outParquet], ...options },
      (session) => query(session, sql, input.dataset, outParquet, this.#limits),
    );
  }

  /** Two Parquet files of one dataset. */
  split(
    paths: readonly string[],
    how: SplitOptions,
    out: { train: string; test: string },
    options: CallOptions = {},
  ): Promise<SplitResult> {
    return this.#inline({ reads: paths, writes: [out.train, out.test] }, options, (session) =>
      split(session, paths, how, out, this.#limits),
    );
  }

  profile(paths: readonly string[], options: CallOptions = {}): Promise<ColumnProfile[]> {
    return this.#inline({ reads: paths }, options, (session) => profile(session, paths));
  }

  /** Columns (all, or those named, in that order) as typed arrays. */
  readTable(
    paths: readonly string[],
    columns?: readonly string[],
    options: CallOptions = {},
  ): Promise<Table> {
    return this.#inline({ reads: paths }, options, (session, connection) =>
      readTable(session, connection, parquetScan(paths), columns),
    );
  }

  /** Some rows of one Parquet file, with columns computed from them, as another Parquet file. Same rows, same order. */
  extendSlice(
    path: string,
    extension: Extension,
    outParquet: string,
    options: CallOptions = {},
  ): Promise<Written> {
    return this.#inline({ reads: [path], writes: [outParquet] }, options, (session, connection) =>
      extendSlice(session, connection, path, extension, outParquet, this.#limits),
    );
  }

  columns(paths: readonly string[], options: CallOptions = {}): Promise<ColumnSchema[]> {
    return this.#inline({ reads: paths }, options, async (session) =>
      (await storedColumns(session, parquetScan(paths))).map(({ name, type }) => ({ name, type })),
    );
  }

  /** The first rows as plain JSON; times as ISO 8601. */
  preview(
    paths: readonly string[],
    limit: number,
    options: CallOptions = {},
  ): Promise<Record<string, unknown>[]> {
    return this.select(`SELECT * FROM dataset LIMIT ${Math.trunc(limit)}`, paths, options);
  }

  /** Rows of a SELECT of ours over the table `dataset`, as plain JSON. Not for SQL from outside: see `query`. */
  select(
    sql: string,
    paths: readonly string[],
    options: CallOptions = {},
  ): Promise<Record<string, unknown>[]> {
    return this.#inline({ reads: paths }, options, async (session) => {
      await session.run(`CREATE VIEW dataset AS SELECT * FROM ${parquetScan(paths)}`);
      return plainRows(await session.run(sql));
    });
  }

  /** Ends the processes that wait for more work. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#children.close();
    return Promise.resolve();
  }

  #settings({ timeoutMs }: CallOptions): EngineSettings {
    return {
      memoryLimitMb: this.#options.memoryLimitMb ?? 1024,
      threads: this.#options.threads ?? 1,
      tempDirectory: this.#options.tempDirectory ?? tmpdir(),
      timeoutMs: timeoutMs ?? this.#limits.timeoutMs,
      maxOutputBytes: this.#limits.maxOutputBytes,
    };
  }

  #inline<T>(
    access: Pick<SessionOptions, 'reads' | 'writes'>,
    options: CallOptions,
    work: Parameters<typeof withInlineSession<T>>[2],
  ): Promise<T> {
    return withInlineSession(this.#settings(options), { ...access, ...options }, work);
  }
}
