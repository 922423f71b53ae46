import type { ErrorBody } from '@millrace/contracts';
import { hasChild, runsPipeline } from '../runs/decide/child-steps.js';
import type { Command } from '../runs/decide/command.js';
import type { RunEvent } from '../runs/decide/event.js';
import { hasBegun } from '../runs/decide/phases.js';
import { hasResult, isEnd, type RunState } from '../runs/decide/state.js';
import { must } from './must.js';

type Event = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;
type Asked = { step: number; attempt: number; before?: string };
type Known = { step: number; attempt: number; child: string };

/** The runs that do the steps of another one, and the invariants between them. Like messages, what was ever said may be said again. */
export class ChildrenModel {
  readonly asked: Asked[] = [];
  /** Every run for every attempt that it was told of. */
  readonly known: Known[] = [];
  /** Run → the attempt that it is under way for. */
  readonly #open = new Map<string, number>();
  readonly #stopped = new Set<string>();
  #names = 0;

  /** An answer to what was asked. */
  prepared({ step, attempt, before }: Asked, refused = false): Event {
    const error: ErrorBody = { code: 'invalid_request', message: 'no', retryable: false };
    if (refused) return { type: 'child.finished', step, attempt, status: 'failed', error };
    const child = before ?? `c${this.#names++}`;
    return { type: 'child.prepared', step, attempt, child, goesOn: before !== undefined };
  }

  finished({ step, attempt, child }: Known, how: 'succeeded' | 'failed' | 'cancelled'): Event {
    const error: ErrorBody = { code: 'unavailable', message: 'no', retryable: true };
    return {
      type: 'child.finished',
      step,
      attempt,
      child,
      status: how,
      ...(how === 'succeeded' ? { outputs: { value: attempt } } : { error }),
    };
  }

  /** What the world would do: all that was asked is answered, and all that is under way ends, as it was told to. */
  fair(): Event[] {
    return [
      ...this.asked.map((asked) => this.prepared(asked)),
      ...this.known.map((one) =>
        this.finished(one, this.#stopped.has(one.child) ? 'cancelled' : 'succeeded'),
      ),
    ];
  }

  check(before: RunState, event: Event, after: RunState, commands: Command[], cancelled: boolean): void {
    if (event.type === 'child.finished' || event.type === 'child.prepared') {
      if (before.steps[event.step]?.attempt !== event.attempt)
        must('news of an earlier attempt changes nothing', after === before && commands.length === 0);
    }
    if (event.type === 'child.finished' && event.child !== undefined)
      if (this.#open.get(event.child) === event.attempt) this.#open.delete(event.child);
    for (const command of commands) this.#checkCommand(before, event, after, command, cancelled);
    after.steps.forEach((_, step) => this.#checkStep(before, event, after, step));
  }

  #checkCommand(before: RunState, event: Event, after: RunState, command: Command, cancelled: boolean): void {
    if (command.type === 'prepare-child') {
      const { step, attempt, before: last } = command;
      must('nothing is begun in a paused run', !after.paused);
      must('no phase begins before the one before it has ended', hasBegun(after, step));
      must(
        'only what runs in any case is begun after a cancellation',
        !cancelled || after.plan.steps[step]?.phase === 'finally',
      );
      must(
        'attempts grow',
        this.asked.every((asked) => asked.step !== step || asked.attempt < attempt),
      );
      must('only a run at its end goes on', last === undefined || !this.#open.has(last));
      this.asked.push({ step, attempt, ...(last === undefined ? {} : { before: last }) });
    }
    if (command.type === 'begin-child') {
      const { step, child } = command;
      const { attempt } = after.steps[step] ?? { attempt: 0 };
      must(
        'a run begins only where one was asked for, once',
        event.type === 'child.prepared' &&
          event.child === child &&
          this.known.every((one) => one.step !== step || one.attempt !== attempt),
      );
      this.#begin(after, { step, attempt, child });
    }
    if (command.type !== 'tell-run') return;
    const { run: child, message } = command;
    if (message.type === 'resume.asked') {
      must('only a run at its end goes on', !this.#open.has(child));
      const step = after.steps.findIndex((own) => own.child === child && own.attempt === message.attempt);
      return this.#begin(after, { step, attempt: message.attempt, child });
    }
    must('only a run that is under way is told anything', this.#open.has(child));
    if (message.type === 'cancel.asked') this.#stopped.add(child);
  }

  #begin(after: RunState, known: Known): void {
    must(
      'only what runs in any case is done after a cancellation',
      after.steps[known.step]?.status === 'running',
    );
    this.known.push(known);
    this.#open.set(known.child, known.attempt);
    this.#stopped.delete(known.child);
  }

  #checkStep(before: RunState, event: Event, after: RunState, step: number): void {
    const own = after.steps[step];
    const planned = after.plan.steps[step];
    if (!own || planned?.kind !== 'pipeline') return;
    must('no worker gets a run of a pipeline', own.token === 0 && own.status !== 'queued');
    if (own.stopping) must('only what is under way is stopped', hasChild(planned, own));
    if (!runsPipeline(planned)) return;
    if (hasChild(planned, own))
      must('a step has the run that it waits for', this.#open.get(own.child ?? '') === own.attempt);
    const isOpen = this.known.some(({ step: of, child }) => of === step && this.#open.has(child));
    must('a step lets go of no run that is under way', own.status === 'running' || !isOpen);
    const was = before.steps[step]?.status;
    if (hasResult(own.status) && was !== own.status)
      must(
        'a step succeeds only with its run',
        event.type === 'child.finished' && event.step === step && event.status === 'succeeded',
      );
    if (isEnd(own.status)) must('what is over is stopped no more', own.stopping === undefined);
  }
}
