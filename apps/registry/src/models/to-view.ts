import type { ModelVersionView } from '@millrace/contracts';
import type { ModelAlias } from './model-alias.entity.js';
import type { ModelVersion } from './model-version.entity.js';

/** @param aliases of that model or of several; those that point at this version are its own */
export const toView = (version: ModelVersion, aliases: readonly ModelAlias[]): ModelVersionView => ({
  name: version.name,
  version: version.version,
  model: version.model,
  ...(version.report ? { report: version.report } : {}),
  aliases: aliases
    .filter((alias) => alias.name === version.name && alias.version === version.version)
    .map(({ alias }) => alias)
    .sort(),
  signature: version.signature,
  task: version.task,
  metrics: version.metrics,
  lineage: version.lineage as ModelVersionView['lineage'],
  createdAt: new Date(version.createdAt).toISOString(),
});
