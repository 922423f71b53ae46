import type { CatchUpPolicy, PipelineDefinition, ScheduleDefinition } from '@millrace/contracts';

/** When runs of a pipeline begin by themselves, with all that it leaves open filled in. */
export type Schedule = Required<ScheduleDefinition>;
export type CatchUp = CatchUpPolicy;

/** Of a checked definition. */
export const scheduleOf = ({ schedule }: PipelineDefinition): Schedule | undefined =>
  schedule && { timezone: 'UTC', catchUp: 'latest', params: {}, ...schedule };
