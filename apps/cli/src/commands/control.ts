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
  (operation: Operation<RunId, RunView>) =>
  async (context: Context, run: string): Promise<void> =>
    void (await ask(context, operation, { run }, stateOf));

export const cancel = tell(runCancel);
export const pause = tell(runPause);
export const unpause = tell(runUnpause);
export const resume = tell(runResume);

export const retry = async (context: Context, run: string, step: string): Promise<void> =>
  void (await ask(context, stepRetry, { run, step }, stateOf));
