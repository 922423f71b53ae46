import type { PipelineDefinition } from '@millrace/contracts';
import { bindParams } from '../definition/pipeline-params.js';
import type { Problem } from '../definition/problem.js';
import { cronProblems } from './cron.js';
import { scheduleOf } from './schedule.js';

/** What is wrong with the schedule of a definition whose shape is right. */
export const checkSchedule = (definition: PipelineDefinition): Problem[] => {
  const schedule = scheduleOf(definition);
  if (!schedule) return [];
  const { cron, timezone, params } = schedule;
  return [
    ...cronProblems(cron, timezone).map(({ field, message }) => ({ path: ['schedule', field], message })),
    ...bindParams(definition, params).problems.map(({ path, message }) => ({
      path: ['schedule', ...path],
      message,
    })),
  ];
};
