import {
  runCancel,
  runPause,
  runResume,
  runUnpause,
  stepRetry,
  type Operation,
  type RunId,
  type RunView,
} from '@millrace/contracts';
import { ask } from './ask.js';
import type { Context } from './context.js';

const stateOf = ({ run, status, paused }: RunView): string =>
  `run ${run} is ${paused ? `paused (${status})` : status}`;

const tell =
  (operation: Operation<RunId, RunView>, text = stateOf) =>
  async (context: Context, run: string): Promise<void> =>
    void (await ask(context, operation, { run }, text));

const cancelled = (view: RunView): string =>
  view.status === 'succeeded' || view.status === 'failed'
    ? `run ${view.run} had ended already: ${view.status}`
    : stateOf(view);

export const cancel = tell(runCancel, cancelled);
export const pause = tell(runPause);
export const unpause = tell(runUnpause);
export const resume = tell(runResume);

export const retry = async (context: Context, run: string, step: string): Promise<void> =>
  void (await ask(context, stepRetry, { run, step }, stateOf));
