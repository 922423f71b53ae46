import { isDeepStrictEqual } from 'node:util';
import type { ErrorBody, LogReport, Task } from '@millrace/contracts';
import type { Plan } from '../definition/plan.js';
import type { Command } from '../runs/decide/command.js';
import { decide } from '../runs/decide/decide.js';
import type { RunEvent } from '../runs/decide/event.js';
import { hasBegun } from '../runs/decide/phases.js';
import { isActive, isFinished, isOut, newRun, newStep, type RunState } from '../runs/decide/state.js';
import { taskOf } from '../runs/decide/task-of.js';
import { ChildrenModel } from './children-model.js';
import { must } from './must.js';
import { RoomModel } from './room-model.js';
import { areMet, checkApprovals, checkFences, checkState, reopening, type Event } from './run-invariants.js';
import { Seen } from './seen.js';

type Issued = { step: number; task: Task };

const said: LogReport = { source: 'w', lines: [{ n: 1, at: 1, level: 'info', message: 'so' }] };

const deepFreeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
  return value;
};

/** A run, the messages that are out in the world, and the invariants between them. */
export class RunModel {
  state: RunState;
  /** Everything that was ever out: messages come late and more than once, so nothing is ever taken away. */
  readonly issued: Issued[] = [];
  readonly consults: number[] = [];
  readonly retries: { step: number; attempt: number }[] = [];
  readonly children = new ChildrenModel();
  readonly #cancels = new Set<string>();
  #cancelled = false;

  /** @param room what it shares with other runs */
  constructor(
    plan: Plan,
    readonly room = new RoomModel(),
    priority = 5,
    private readonly seen = new Seen(),
  ) {
    this.state = deepFreeze(newRun({ run: 'r', plan, params: {}, useCache: true, priority }));
    room.join(this);
  }

  decide(step: number, approved: boolean): void {
    this.tell({ type: 'approval.decided', step, approved, by: 'somebody' });
  }

  answer(step: number, hit: boolean): void {
    const result = hit ? { hit: { outputs: { value: 0 }, metrics: {} } } : {};
    this.tell({ type: 'cache.answered', step, reason: 'so', ...result });
  }

  /** Nobody who takes it up is heard of again. */
  wearOut(step: number, crash: boolean): void {
    const own = () => this.state.steps[step] ?? newStep;
    while (isOut(own()))
      this.tell({
        type: 'lease.lapsed',
        step,
        token: own().token,
        ...(crash ? { crash: { limit: 3 } } : {}),
      });
  }

  complete({ step, task }: Issued, error?: ErrorBody): void {
    this.tell({
      type: 'task.completed',
      step,
      token: task.token,
      worker: 'w',
      durationMs: 1,
      ...(task.token % 2 === 0 ? {} : { log: said }),
      result: error ? { status: 'failed', error } : { status: 'succeeded', outputs: { value: task.token } },
    });
  }

  /** Every question gets its answer, every task its worker, and what waits for room the room that there is: all runs must end. */
  static finishFairly(runs: readonly RunModel[]): void {
    const steps = runs.reduce((sum, { state }) => sum + state.steps.length, 0);
    runs.forEach((run) => run.tell({ type: 'unpause.asked' }));
    for (let round = 0; runs.some(({ state }) => !isFinished(state.status)); round++) {
      must('runs end', round <= 20 * steps + 8);
      runs.forEach((run) => run.#fairRound());
    }
  }

  #fairRound(): void {
    [...new Set(this.consults)].forEach((step) => this.answer(step, false));
    [...this.retries].forEach((retry) => this.tell({ type: 'retry.due', ...retry }));
    this.room.dispatch();
    [...this.issued].forEach((out) => this.complete(out));
    this.children.fair().forEach((event) => this.tell(event));
    this.state.steps.forEach((_, step) => this.decide(step, true));
  }

  tell(event: Event): void {
    const before = this.state;
    const at = this.room.tick();
    const { state: after, commands } = decide(before, { ...event, at } as RunEvent, this.room.room);
    this.seen.decided(before, event, after, commands);
    this.room.check(before, event, after, commands);
    checkFences(before, event, after, commands.length);
    checkApprovals(before, event, after);
    const reopened = reopening.has(event.type) && after !== before;
    if (reopened) this.#cancelled = false;
    this.children.check(before, event, after, commands, this.#cancelled);
    commands.forEach((command) => this.#checkCommand(before, after, command));
    checkState(before, after, { reopened, isIssued: (step, token) => this.#tokensOf(step).includes(token) });
    if (event.type === 'cancel.asked' && after !== before) this.#cancelled = true;
    this.state = deepFreeze(after);
    this.room.checkLimits();
  }

  #tokensOf(step: number): number[] {
    return this.issued.filter((out) => out.step === step).map((out) => out.task.token);
  }

  #checkCommand(before: RunState, after: RunState, command: Command): void {
    if (command.type === 'consult-cache') this.consults.push(command.step);
    if (command.type === 'schedule-retry')
      this.retries.push({ step: command.step, attempt: command.attempt });
    if (command.type === 'cancel-task') {
      const key = `${command.step}/${command.token}`;
      must('a token is cancelled at most once', !this.#cancels.has(key));
      must(
        'only what was issued is cancelled',
        this.issued.some(({ step, task }) => `${step}/${task.token}` === key),
      );
      this.#cancels.add(key);
    }
    if (command.type !== 'issue-task') return;
    const { step, task } = command;
    const { retry, phase } = after.plan.steps[step] ?? {};
    const earlier = this.#tokensOf(step);
    must(
      'only what runs in any case is issued after a cancellation',
      !this.#cancelled || phase === 'finally',
    );
    must('no phase begins before the one before it has ended', hasBegun(after, step));
    must('no step is issued before its needs have results', areMet(after, step));
    must(
      'a token is issued once, and tokens grow',
      earlier.every((token) => token < task.token),
    );
    const { attemptsBefore = 0 } = after.steps[step] ?? {};
    must('attempts stay within the policy', task.attempt - attemptsBefore <= (retry?.attempts ?? 5));
    must(
      'while a run is paused only what was out is issued again',
      !after.paused || isActive(before.steps[step]?.status ?? 'waiting'),
    );
    must('the task can be said again word for word', isDeepStrictEqual(taskOf(after, step), task));
    this.issued.push({ step, task });
  }
}
