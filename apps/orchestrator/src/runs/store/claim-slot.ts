import type { EntityManager } from 'typeorm';
import type { RunState } from '../decide/state.js';
import { lockByName } from './lock-by-name.js';
import { RunRow } from './run.entity.js';

/** As many runs of the pipeline are under way as may be. */
export class NoSlot extends Error {}

/** In the transaction in which a run begins; replicas that begin runs of one pipeline do so one after the other. */
export const claimSlot = async (em: EntityManager, { plan }: RunState): Promise<void> => {
  const { pipeline, concurrency = Infinity } = plan;
  await lockByName(em, `pipeline/${pipeline}`);
  const running = await em
    .createQueryBuilder(RunRow, 'run')
    // Word for word as in the partial index.
    .where(`run.status = 'running'`)
    .andWhere('run.pipeline = :pipeline', { pipeline })
    .getCount();
  if (running >= concurrency) throw new NoSlot(`${running} runs of '${pipeline}' are under way`);
};
