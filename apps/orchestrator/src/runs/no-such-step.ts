import { NotFound } from '@millrace/contracts';
import type { Repository } from 'typeorm';
import type { StepRow } from './store/step.entity.js';

const maxNamed = 20;

/** A step that a run does not have, next to those that it has: most often it is a slip of the pen. */
export const noSuchStep = (run: string, step: string, steps: readonly { name: string }[]): NotFound => {
  const named = steps.slice(0, maxNamed).map(({ name }) => name);
  const more = steps.length > maxNamed ? ', …' : '';
  const message = `run '${run}' has no step '${step}'; it has ${named.join(', ')}${more}`;
  return new NotFound('step', `${run}/${step}`, message);
};

/** The same for who has not loaded the run; it may be the run that does not exist. */
export const lookForStep = async (
  steps: Repository<StepRow>,
  run: string,
  step: string,
): Promise<NotFound> => {
  const found = await steps.find({ where: { run }, order: { position: 'ASC' }, take: maxNamed + 1 });
  return found.length === 0 ? new NotFound('run', run) : noSuchStep(run, step, found);
};
