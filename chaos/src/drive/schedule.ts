import { setTimeout as wait } from 'node:timers/promises';
import { scheduleList, schedulePause } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging';
import { insist } from './asking.js';

/** Waits until a schedule has come to this moment, and ends it. */
export const endSchedule = async (client: MessagingClient, pipeline: string, at: number): Promise<void> => {
  await insist(async () => {
    const { items } = await client.request(scheduleList, {}, { timeoutMs: 2_000 });
    const { last } = items.find((one) => one.pipeline === pipeline) ?? {};
    if (!(Date.parse(last ?? '') >= at)) throw new Error(`'${pipeline}' is at ${last ?? 'its beginning'}`);
  });
  await insist(() => client.request(schedulePause, { pipeline }, { timeoutMs: 2_000 }));
  // Whoever read it before it was paused may still be about to start a run.
  await wait(100);
};
