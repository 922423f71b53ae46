import { DomainError, InvalidRequest, type ColumnType } from '@millrace/contracts';
import { checkColumns } from '../columns/check-columns.js';
import type { DataLimits } from '../limits.js';
import { records, type Session } from '../session/session.js';
import { identifier, literal, literalList } from '../sql/sql-text.js';
import { parseHeader } from './csv-header.js';
import type { ImportOptions, Source } from './import-options.js';
import { inferTypes, parsed } from './infer-types.js';
import { readStart } from './read-start.js';

/** How DuckDB reads a declared column; a mistake in it is then reported with its line. */
const declaredTypes: Record<ColumnType, string> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMPTZ',
  string: 'VARCHAR',
};

interface Reject {
  line: string;
  column_idx: string | null;
  column_name: string | null;
  csv_line: string | null;
  error_message: string;
}

const maxReported = 10;

/** Every malformed row is named; DuckDB left them out of the table. */
const refuseMalformed = async (session: Session, what: string, names: readonly string[]): Promise<void> => {
  const rejects = records<Reject>(
    await session.run(
      `SELECT line, column_idx, column_name, left(csv_line, 200) AS csv_line, error_message FROM reject_errors ORDER BY line, column_idx LIMIT ${maxReported}`,
    ),
  );
  const [first] = rejects;
  if (!first) return;
  // DuckDB counts from 0 or from 1, by the kind of mistake; where it names the column, the name is sure.
  const columnOf = ({ column_name, column_idx }: Reject): number =>
    column_name === null ? Number(column_idx) : names.indexOf(column_name) + 1;
  const named = first.column_name === null ? '' : ` ('${first.column_name}')`;
  const where = `, column ${columnOf(first)}${named}`;
  throw new DomainError('data_invalid', `${what}, line ${first.line}${where}: ${first.error_message}`, {
    details: {
      errors: rejects.map((reject) => ({
        line: Number(reject.line),
        column: columnOf(reject),
        ...(reject.column_name ? { name: reject.column_name } : {}),
        message: reject.error_message,
        text: reject.csv_line,
      })),
    },
  });
};

/**
 * Loads a CSV file as the table `source`. The dialect is RFC 4180 and strict: DuckDB's sniffer would rather skip lines
 * or pad rows than say that one is malformed. Types are ours too, by all rows rather than by a sample.
 */
export const readCsv = async (
  session: Session,
  { path, what }: Source,
  options: ImportOptions,
  limits: DataLimits,
): Promise<void> => {
  const { text, whole } = await readStart(path, limits.maxLineBytes);
  const { delimiter, names } = parseHeader(text, whole, what, options.dialect?.delimiter);
  checkColumns(names, what, limits.maxColumns);
  const declared = new Map(Object.entries(options.columns ?? {}));
  const unknown = [...declared.keys()].filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new InvalidRequest(
      unknown.map((name) => ({ field: `columns.${name}`, message: `${what} has no column '${name}'` })),
    );
  const types = names.map(
    (name) => `${literal(name)}: ${literal(declaredTypes[declared.get(name) ?? 'string'])}`,
  );
  const settings = [
    `columns = {${types.join(', ')}}`,
    `delim = ${literal(delimiter)}`,
    `nullstr = ${literalList(options.dialect?.missing ?? [''])}`,
    `quote = '"', escape = '"', comment = '', header = true, auto_detect = false, strict_mode = true`,
    `null_padding = false, compression = 'none', max_line_size = ${limits.maxLineBytes}`,
    `store_rejects = true, rejects_limit = 1000`,
  ];
  await session
    .run(`CREATE TABLE raw AS SELECT * FROM read_csv(${literal(path)}, ${settings.join(', ')})`)
    .catch((cause: unknown) => {
      if (!/invalid state/.test(String(cause))) throw cause;
      throw new DomainError(
        'data_invalid',
        `${what} mixes line endings (CRLF and LF) or breaks off inside a row`,
        { cause },
      );
    });
  await refuseMalformed(session, what, names);
  const inferred = await inferTypes(
    session,
    'raw',
    names.filter((name) => !declared.has(name)),
  );
  const columns = names.map((name) => {
    const type = inferred.get(name);
    return type ? `${parsed[type](identifier(name))} AS ${identifier(name)}` : identifier(name);
  });
  await session.run(`CREATE VIEW source AS SELECT ${columns.join(', ')} FROM raw`);
};
