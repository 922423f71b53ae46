import type { ErrorBody, Task } from '@millrace/contracts';
import type { PlannedStep } from '../definition/plan.js';
import type { Command } from '../runs/decide/command.js';
import { decide } from '../runs/decide/decide.js';
import type { RunEvent } from '../runs/decide/event.js';
import { isOut, newRun, type RunState } from '../runs/decide/state.js';
import { planOfNeeds } from './plans.js';

type Event = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;

/** A run that events are told to, one second apart. Notes are left out of what it answers. */
export const play = (
  needs: number[][],
  more?: (step: number) => Partial<PlannedStep>,
  run: Partial<Pick<RunState, 'params' | 'useCache' | 'priority'>> = {},
  room: (component: string) => number = () => Infinity,
) => {
  let at = 0;
  let state = newRun({ run: 'r', plan: planOfNeeds(needs, more), params: {}, useCache: true, ...run });
  const tell = (event: Event): Command[] => {
    const decision = decide(
      state,
      { ...event, at: (at += 1_000) } as RunEvent,
      (component, { out }) => played.room(component) - out,
    );
    state = decision.state;
    for (const command of decision.commands) if (command.type === 'note') played.notes.push(command.message);
    return decision.commands.filter(({ type }) => type !== 'note');
  };
  const complete = (step: number, token: number, value: unknown = step) =>
    tell({
      type: 'task.completed',
      step,
      token,
      worker: 'w',
      durationMs: 10,
      result: { status: 'succeeded', outputs: { value: value as number } },
    });
  const fail = (step: number, token: number, error: Partial<ErrorBody> = {}) =>
    tell({
      type: 'task.completed',
      step,
      token,
      worker: 'w',
      durationMs: 10,
      result: { status: 'failed', error: { code: 'internal', message: 'no', retryable: true, ...error } },
    });
  const played = {
    /** At every moment from now on. */
    room,
    notes: [] as string[],
    out: () => state.steps.filter(isOut).length,
    tell,
    complete,
    fail,
    begin: () => tell({ type: 'run.started' }),
    get state() {
      return state;
    },
    statuses: () => state.steps.map(({ status }) => status),
  };
  return played;
};

export const issued = (commands: Command[]): Task[] =>
  commands.flatMap((command) => (command.type === 'issue-task' ? [command.task] : []));
