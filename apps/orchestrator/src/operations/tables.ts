import { BackfillDateRow, BackfillRow } from '../backfill/backfill.entity.js';
import { LineageArtifactRow, LineageStepRow } from '../lineage/lineage.entity.js';
import { Backfill1764100000004 } from '../migrations/backfill-1764100000004.js';
import { DeadLetters1764100000002 } from '../migrations/dead-letters-1764100000002.js';
import { Lineage1764100000001 } from '../migrations/lineage-1764100000001.js';
import { Replay1764100000003 } from '../migrations/replay-1764100000003.js';
import { ReplayRow } from '../replay/replay.entity.js';

export const operationEntities = [
  LineageStepRow,
  LineageArtifactRow,
  ReplayRow,
  BackfillRow,
  BackfillDateRow,
];
export const operationMigrations = [
  Lineage1764100000001,
  DeadLetters1764100000002,
  Replay1764100000003,
  Backfill1764100000004,
];
