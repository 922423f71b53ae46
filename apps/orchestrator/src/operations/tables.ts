import { LineageArtifactRow, LineageStepRow } from '../lineage/lineage.entity.js';
import { DeadLetters1764100000002 } from '../migrations/dead-letters-1764100000002.js';
import { Lineage1764100000001 } from '../migrations/lineage-1764100000001.js';

export const operationEntities = [LineageStepRow, LineageArtifactRow];
export const operationMigrations = [Lineage1764100000001, DeadLetters1764100000002];
