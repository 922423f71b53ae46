import { DomainError } from '@millrace/contracts';
import { checkColumns } from '../columns/check-columns.js';
import type { DataLimits } from '../limits.js';
import { messageOf } from '../session/duckdb-error.js';
import { records, type Session } from '../session/session.js';
import { literal, parquetScan } from '../sql/sql-text.js';
import type { Source } from './import-options.js';

/** Loads a Parquet file as the view `source`, after a look at what its footer declares. */
export const readParquet = async (
  session: Session,
  { path, what }: Source,
  limits: DataLimits,
): Promise<void> => {
  const file = literal(path);
  try {
    const [size] = records<{ rows: string; bytes: string }>(
      await session.run(
        `SELECT (SELECT num_rows FROM parquet_file_metadata(${file})) AS rows, (SELECT coalesce(sum(total_uncompressed_size), 0) FROM parquet_metadata(${file})) AS bytes`,
      ),
    );
    if (Number(size!.rows) > limits.maxRows)
      throw new DomainError(
        'payload_too_large',
        `${what} declares ${size!.rows} rows; at most ${limits.maxRows} are read`,
      );
    if (Number(size!.bytes) > limits.maxFileBytes)
      throw new DomainError(
        'payload_too_large',
        `${what} unpacks to ${size!.bytes} bytes; at most ${limits.maxFileBytes} are read`,
      );
    const names = records<{ name: string }>(
      await session.run(`SELECT name FROM (DESCRIBE SELECT * FROM ${parquetScan([path])}) AS d(name)`),
    );
    checkColumns(
      names.map(({ name }) => name),
      what,
      limits.maxColumns,
    );
    await session.run(`CREATE VIEW source AS SELECT * FROM ${parquetScan([path])}`);
  } catch (thrown) {
    if (thrown instanceof DomainError) throw thrown;
    const message = messageOf(thrown);
    if (!/^(?:Invalid Input|IO|Serialization|INTERNAL) Error|TProtocol|Parquet/i.test(message)) throw thrown;
    throw new DomainError('data_invalid', `${what} is not a valid Parquet file`, { cause: thrown });
  }
};
