import type { JsonValue } from '@millrace/contracts';

export const catchUps = ['none', 'latest', 'all'] as const;
/** What becomes of ticks that passed while nobody could start them. */
export type CatchUp = (typeof catchUps)[number];

/** When runs of a pipeline begin by themselves. */
export interface Schedule {
  cron: string;
  /** IANA name. */
  timezone: string;
  catchUp: CatchUp;
  params: { [name: string]: JsonValue };
}

/** Of a checked definition. */
export const scheduleOf = (definition: object): Schedule | undefined => {
  const { schedule } = definition as {
    schedule?: { cron: string; timezone?: string; catchUp?: CatchUp; params?: Schedule['params'] };
  };
  return schedule && { timezone: 'UTC', catchUp: 'none', params: {}, ...schedule };
};
