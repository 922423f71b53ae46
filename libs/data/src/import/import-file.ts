import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DomainError, InvalidRequest } from '@millrace/contracts';
import { describe, selectList, writeParquet, type Written } from '../columns/write-parquet.js';
import type { DataLimits } from '../limits.js';
import type { Session } from '../session/session.js';
import type { ImportOptions, Source } from './import-options.js';
import { readCsv } from './read-csv.js';
import { readJson } from './read-json.js';
import { readParquet } from './read-parquet.js';
import { sampleOf } from './sample.js';

/** DuckDB takes these for patterns over several files. */
const globCharacters = /[*?[\]{}]/;

/**
 * What can be said of a source before it is opened.
 * @throws DomainError not_found, data_invalid (empty), payload_too_large, invalid_request
 */
export const checkSource = async (
  path: string,
  name: string | undefined,
  limits: DataLimits,
): Promise<Source> => {
  const what = `file '${name ?? basename(path)}'`;
  if (globCharacters.test(path))
    throw new DomainError('invalid_request', `${what}: * ? [ ] { } can't be part of its path`);
  const found = await stat(path).catch((cause: unknown) => {
    throw new DomainError('not_found', `${what} does not exist or can't be read`, { cause });
  });
  if (!found.isFile()) throw new DomainError('invalid_request', `${what} is not a file`);
  if (found.size === 0) throw new DomainError('data_invalid', `${what} is empty`);
  if (found.size > limits.maxFileBytes)
    throw new DomainError(
      'payload_too_large',
      `${what} has ${found.size} bytes; at most ${limits.maxFileBytes} are read`,
    );
  return { path, what };
};

const read = (
  session: Session,
  source: Source,
  options: ImportOptions,
  limits: DataLimits,
): Promise<void> => {
  if (options.format === 'csv') return readCsv(session, source, options, limits);
  if (options.columns)
    throw new InvalidRequest([
      { field: 'columns', message: `types can be declared for CSV only, not for ${options.format}` },
    ]);
  if (options.format === 'parquet') return readParquet(session, source, limits);
  return readJson(session, source, options.format, limits);
};

/** Reads a file from outside and writes it, or a sample of it, as one Parquet file. */
export const importFile = async (
  session: Session,
  source: Source,
  options: ImportOptions,
  out: string,
  limits: DataLimits,
): Promise<Written> => {
  await read(session, source, options, limits);
  if (!options.sample) return writeParquet(session, 'source', out, source.what, limits);
  const names = (await describe(session, 'source')).map(({ name }) => name);
  const sample = sampleOf('source', selectList(names), options.sample);
  return writeParquet(session, sample, out, source.what, limits);
};
