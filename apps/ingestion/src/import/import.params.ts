import { columnTypes, type ColumnType, type JsonSchema } from '@millrace/contracts';
import { fileFormats, type FileFormat } from '@millrace/data';

export interface ImportParams {
  name: string;
  source: string;
  format?: FileFormat;
  sample?: { rows: number; seed: number };
  columns?: Record<string, ColumnType>;
}

export const importParams: JsonSchema = {
  type: 'object',
  required: ['name', 'source'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
      description: 'The dataset that gets a new version.',
    },
    source: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      pattern: '^[^\\u0000]+$',
      description:
        'A path below SOURCE_ROOTS, or npm:<package>/<path> of a package named by SOURCE_PACKAGES.',
    },
    format: { enum: [...fileFormats], description: 'By the extension unless given.' },
    sample: {
      type: 'object',
      required: ['rows'],
      additionalProperties: false,
      description: 'So many rows chosen by the seed, in their order; all of them when there are fewer.',
      properties: {
        rows: { type: 'integer', minimum: 1, maximum: 100_000_000 },
        seed: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 1 },
      },
    },
    columns: {
      type: 'object',
      maxProperties: 10_000,
      additionalProperties: { enum: [...columnTypes] },
      description: 'Types of columns of a CSV file that are not to be inferred.',
    },
  },
};
