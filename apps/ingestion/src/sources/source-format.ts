import { extname } from 'node:path';
import { InvalidRequest } from '@millrace/contracts';
import type { FileFormat } from '@millrace/data';

const formats: Record<string, FileFormat> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
  '.parquet': 'parquet',
};

/** @throws InvalidRequest when neither `format` nor the extension says what it is */
export const formatOf = (source: string, format?: FileFormat): FileFormat => {
  const found = format ?? formats[extname(source).toLowerCase()];
  if (found) return found;
  const known = Object.keys(formats).join(', ');
  throw new InvalidRequest([
    { field: 'params.format', message: `is required: the extension of '${source}' is none of ${known}` },
  ]);
};
