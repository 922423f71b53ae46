import type { DatasetVersionView } from '@millrace/contracts';
import type { DatasetVersion } from './dataset-version.entity.js';

export const toView = (version: DatasetVersion): DatasetVersionView => ({
  name: version.name,
  version: version.version,
  artifact: version.artifact,
  rows: version.rows,
  columns: version.columns,
  source: version.source as Record<string, unknown>,
  createdAt: new Date(version.createdAt).toISOString(),
});
