import { DomainError } from '@millrace/contracts';
import { checkColumns } from '../columns/check-columns.js';
import { describe } from '../columns/write-parquet.js';
import type { DataLimits } from '../limits.js';
import { firstParagraph, messageOf } from '../session/duckdb-error.js';
import type { Session } from '../session/session.js';
import { identifier, literal } from '../sql/sql-text.js';
import { findMalformedLine } from './find-malformed-line.js';
import type { Source } from './import-options.js';
import { inferTypes, parsed } from './infer-types.js';
import { readStart } from './read-start.js';
import { scanJson } from './scan-json.js';

const explain = async (cause: unknown, { path, what }: Source, lines: boolean): Promise<unknown> => {
  const message = messageOf(cause);
  if (!/Malformed JSON|JSON transform error|non-record JSON/.test(message)) return cause;
  const malformed = lines ? await findMalformedLine(path) : undefined;
  const text = malformed
    ? `${what}, line ${malformed.line}: ${malformed.message}`
    : `${what}: ${firstParagraph(message).replaceAll(path, what)}`;
  return new DomainError('data_invalid', text, {
    cause,
    ...(malformed ? { details: { errors: [malformed] } } : {}),
  });
};

/** Loads JSON Lines, or one array of objects, as the view `source`. Nested values become text. */
export const readJson = async (
  session: Session,
  source: Source,
  format: 'json' | 'jsonl',
  limits: DataLimits,
): Promise<void> => {
  const { text } = await readStart(source.path, 4096);
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (start === '') throw new DomainError('data_invalid', `${source.what} is empty`);
  const lines = format === 'jsonl' || !start.startsWith('[');
  await scanJson(source, limits, lines ? 0 : 1);
  const settings = [
    `format = '${lines ? 'newline_delimited' : 'array'}'`,
    `maximum_object_size = ${limits.maxLineBytes}`,
    `sample_size = -1, maximum_depth = 2, map_inference_threshold = -1, records = true, compression = 'uncompressed'`,
  ].join(', ');
  const scan = `read_json(${literal(source.path)}, ${settings})`;
  try {
    const columns = await describe(session, scan);
    checkColumns(
      columns.map(({ name }) => name),
      source.what,
      limits.maxColumns,
    );
    // DuckDB would take times apart from their offsets: read as text, they are parsed as in CSV.
    const times = columns.filter(({ type }) => /^(?:DATE|TIMESTAMP)/.test(type)).map(({ name }) => name);
    const typed = columns.map(
      ({ name, type }) => `${literal(name)}: ${literal(times.includes(name) ? 'VARCHAR' : type)}`,
    );
    await session.run(
      `CREATE TABLE raw AS SELECT * FROM read_json(${literal(source.path)}, ${settings}, auto_detect = false, columns = {${typed.join(', ')}})`,
    );
    const inferred = await inferTypes(session, 'raw', times);
    const select = columns.map(({ name }) => {
      const type = inferred.get(name);
      return type ? `${parsed[type](identifier(name))} AS ${identifier(name)}` : identifier(name);
    });
    await session.run(`CREATE VIEW source AS SELECT ${select.join(', ')} FROM raw`);
  } catch (thrown) {
    throw await explain(thrown, source, lines);
  }
};
