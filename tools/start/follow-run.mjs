import { setTimeout as wait } from 'node:timers/promises';

const over = (run) => ['succeeded', 'failed', 'cancelled'].includes(run.status);

/**
 * Shows a run until it has ended. The stream of events may break (the gateway may be killed, too): the run itself is then read,
 * and the stream opened again.
 * @returns the run as it ended
 */
export const followRun = async (gateway, id, board, signal) => {
  for (;;) {
    signal.throwIfAborted();
    const run = await gateway.get(`/v1/runs/${id}`);
    board.snapshot(run);
    if (over(run)) return run;
    try {
      for await (const { event, data } of gateway.events(`/v1/runs/${id}/events`, signal)) {
        if (event === 'snapshot') board.snapshot(data);
        if (event === 'step') board.step(data);
        if (event === 'progress') board.progress(data);
        if (event === 'run' && over(data)) break;
      }
    } catch {
      signal.throwIfAborted();
      await wait(200); // it is tried again, from the run's own state
    }
  }
};
