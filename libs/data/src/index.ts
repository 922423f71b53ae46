export { openData, DataEngine, type CallOptions, type DataOptions } from './open-data.js';
export { defaultLimits, type DataLimits } from './limits.js';
export { fileFormats, type FileFormat, type ImportOptions } from './import/import-options.js';
export type { SplitOptions, SplitResult } from './split/split.js';
export type { Written } from './columns/write-parquet.js';
export { identifier, literal } from './sql/sql-text.js';
export type { Extension, NewColumn } from './score/extend-slice.js';
