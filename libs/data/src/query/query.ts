import { InvalidRequest, type DomainError } from '@millrace/contracts';
import { describe, writeParquet, type Written } from '../columns/write-parquet.js';
import type { DataLimits } from '../limits.js';
import { firstParagraph, fromDuckDb, isWrongStatement, messageOf } from '../session/duckdb-error.js';
import type { Session } from '../session/session.js';
import { literal, parquetScan } from '../sql/sql-text.js';
import { checkSelect, checkText, datasetTable } from './check-select.js';

const asRequestError = (thrown: unknown): DomainError =>
  isWrongStatement(thrown)
    ? new InvalidRequest([{ field: 'sql', message: firstParagraph(messageOf(thrown)) }])
    : fromDuckDb(thrown);

/**
 * Runs one SELECT over the table `dataset` and writes its result, in order, as one Parquet file.
 * @throws InvalidRequest on `sql`; DomainError data_invalid when a value can't be computed or no rows are left
 */
export const query = async (
  session: Session,
  sql: string,
  dataset: readonly string[],
  out: string,
  limits: DataLimits,
): Promise<Written> => {
  checkText(sql, limits.maxSqlLength);
  try {
    await session.run(`CREATE VIEW ${datasetTable} AS SELECT * FROM ${parquetScan(dataset)}`);
    const columns = await describe(session, datasetTable);
    const { rows } = await session.run(`SELECT json_serialize_sql(${literal(sql)})`);
    checkSelect(
      String(rows[0]![0]),
      columns.map(({ name }) => name),
    );
    // Its own statement: what was checked is what runs, with no text of ours around it that it could close.
    await session.run(`CREATE VIEW result AS ${sql}`);
    return await writeParquet(session, 'result', out, 'the result of sql', limits);
  } catch (thrown) {
    throw asRequestError(thrown);
  }
};
