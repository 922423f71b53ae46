import type { PortValue } from '@millrace/contracts';
import { instanceIn } from './instances.js';
import type { ChildEnd } from './run-message.js';
import { isFinished, type RunState } from './state.js';
import type { Turn } from './turn.js';

/** As of what is passed to a task: it is passed on from here. */
const maxOutputBytes = 900_000;

/** What the steps of a pipeline gave, as the step gives it that runs the pipeline. */
export const outputsOfRun = ({ plan, steps }: RunState): { [port: string]: PortValue } =>
  Object.fromEntries(
    plan.steps.flatMap((planned, position) =>
      (planned.phase ?? 'main') === 'main' && !instanceIn(planned)
        ? Object.entries(steps[position]?.outputs ?? {}).map(([port, value]) => [
            `${planned.name}__${port}`,
            value,
          ])
        : [],
    ),
  );

/** How a run at its end ended, for the step that it was begun for. */
export const endOf = (state: RunState): ChildEnd => {
  const { status, error } = state;
  if (status === 'cancelled') return { status };
  if (status !== 'succeeded') return { status: 'failed', ...(error ? { error } : {}) };
  const outputs = outputsOfRun(state);
  const bytes = Buffer.byteLength(JSON.stringify(outputs));
  if (bytes <= maxOutputBytes) return { status, outputs };
  const message = `its outputs have ${bytes} bytes, more than ${maxOutputBytes}: pass what is large as an artifact`;
  return { status: 'failed', error: { code: 'payload_too_large', message, retryable: false } };
};

/** A run at its end says so to the run that began it. */
export const tellParent = (turn: Turn): void => {
  const { parent, run: child, status } = turn.state;
  if (!parent || !isFinished(status)) return;
  const { run, step, attempt } = parent;
  turn.command({
    type: 'tell-run',
    run,
    message: { type: 'child.finished', step, attempt, child, ...endOf(turn.state) },
  });
};

/**
 * The run that began this one goes on, and wants to hear for another attempt. One that has succeeded meanwhile says so
 * again, for nothing else will.
 */
export const followParent = (turn: Turn, attempt: number): void => {
  const { parent, status } = turn.state;
  if (!parent || parent.attempt === attempt) return;
  turn.change({ parent: { ...parent, attempt } });
  if (status === 'succeeded') tellParent(turn);
};
