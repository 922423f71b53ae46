import { LineageArtifactRow, LineageStepRow } from '../lineage/lineage.entity.js';
import { DeadLetters1764100000002 } from '../migrations/dead-letters-1764100000002.js';
import { Lineage1764100000001 } from '../migrations/lineage-1764100000001.js';
import { Replay1764100000003 } from '../migrations/replay-1764100000003.js';
import { ReplayRow } from '../replay/replay.entity.js';

export const operationEntities = [LineageStepRow, LineageArtifactRow, ReplayRow];
export const operationMigrations = [Lineage1764100000001, DeadLetters1764100000002, Replay1764100000003];
