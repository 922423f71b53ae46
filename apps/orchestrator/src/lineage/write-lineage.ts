import type { EntityManager } from 'typeorm';
import { writeRows } from '../database/write-rows.js';
import type { RunState } from '../runs/decide/state.js';
import type { HotRun } from '../runs/drive/hot-run.js';
import { lineageOf } from './lineage-of.js';
import { LineageArtifactRow, LineageStepRow } from './lineage.entity.js';

/** Keeps the lineage of a change in the transaction of that change: no result without it. */
export const writeLineage = async (
  em: EntityManager,
  before: HotRun,
  after: RunState,
  at: number,
): Promise<void> => {
  const { steps, artifacts } = lineageOf(before, after, at);
  await writeRows(em, LineageStepRow, steps, { replace: true });
  await writeRows(em, LineageArtifactRow, artifacts, { replace: true });
};
