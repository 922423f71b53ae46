import { setTimeout as wait } from 'node:timers/promises';
import { approvalDecide, approvalList, runGet, type ApprovalView } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging';
import type { Request } from '../workload/pipelines.js';
import { stepsOf, type Sketch } from '../workload/sketch.js';

export interface DeskOptions {
  client: MessagingClient;
  sketches: readonly Sketch[];
  /** By run; others are asked what they were given. */
  requests: ReadonlyMap<string, Request>;
  signal: AbortSignal;
}

const everyMs = 200;

/** Somebody who decides on whatever waits for it: again, should it not have been heard, and always the same. */
export const decideApprovals = async (o: DeskOptions): Promise<void> => {
  const sketches = new Map(o.sketches.map((sketch) => [sketch.name, sketch]));
  const decide = async ({ run, step, pipeline }: ApprovalView): Promise<void> => {
    const sketch = sketches.get(pipeline);
    const asked = sketch && stepsOf(sketch).find(({ name }) => name === step);
    if (!asked) return;
    const x =
      o.requests.get(run)?.x ?? (await o.client.request(runGet, { run }, { timeoutMs: 2_000 })).params['x'];
    const approved = Number(x) >= (asked.approvedFrom ?? 0);
    await o.client.request(approvalDecide, { run, step, by: 'alice', approved }, { timeoutMs: 2_000 });
  };
  while (!o.signal.aborted) {
    const { items } = await o.client
      .request(approvalList, { limit: 100 }, { timeoutMs: 2_000 })
      .catch(() => ({ items: [] as ApprovalView[] }));
    await Promise.allSettled(items.map(decide));
    await wait(everyMs, undefined, { signal: o.signal }).catch(() => undefined);
  }
};
