import { isDeepStrictEqual } from 'node:util';
import type { ErrorBody, LogReport, Task } from '@millrace/contracts';
import type { Plan } from '../definition/plan.js';
import type { Command } from '../runs/decide/command.js';
import { decide } from '../runs/decide/decide.js';
import type { RunEvent } from '../runs/decide/event.js';
import { instancesOf } from '../runs/decide/instances.js';
import { hasBegun } from '../runs/decide/phases.js';
import { maxLapses } from '../runs/decide/policy.js';
import {
  hasResult,
  isActive,
  isEnd,
  isFinished,
  isOut,
  newRun,
  newStep,
  restore,
  type RunState,
} from '../runs/decide/state.js';
import { taskOf } from '../runs/decide/task-of.js';
import { ChildrenModel } from './children-model.js';
import type { Move } from './move.js';
import { must } from './must.js';
import { RoomModel } from './room-model.js';
import { Seen } from './seen.js';

type Event = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;
type Issued = { step: number; task: Task };

const reopening: ReadonlySet<RunEvent['type']> = new Set(['resume.asked', 'step.retry-asked']);

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
    private readonly plan: Plan,
    private readonly room = new RoomModel(),
    priority = 5,
    private readonly seen = new Seen(),
  ) {
    this.state = deepFreeze(newRun({ run: 'r', plan, params: {}, useCache: true, priority }));
    room.join(this);
  }

  make(move: Move): void {
    const from = <T>(list: readonly T[], pick: number): T | undefined => list[pick % list.length];
    if (move.type === 'start') return this.tell({ type: 'run.started' });
    if (move.type === 'cancel') return move.rarely === 0 ? this.tell({ type: 'cancel.asked' }) : undefined;
    if (move.type === 'answer') {
      const step = from(this.consults, move.pick);
      if (step !== undefined) this.answer(step, move.hit);
      return;
    }
    if (move.type === 'retry') {
      const { asked } = this.children;
      const held = this.state.steps.flatMap(({ heldAt, dueAt, attempt }, step) =>
        heldAt === undefined && dueAt === undefined ? [] : [{ step, attempt }],
      );
      const { step, attempt } = from([...this.retries, ...asked, ...held], move.pick) ?? {};
      if (step === undefined || attempt === undefined) return;
      return this.tell({ type: 'retry.due', step, attempt });
    }
    if (move.type === 'grant') return void this.room.grant(move.component);
    if (move.type === 'prepare') {
      const asked = from(this.children.asked, move.pick);
      return asked && this.tell(this.children.prepared(asked, move.refused));
    }
    if (move.type === 'child-ends') {
      const known = from(this.children.known, move.pick);
      return known && this.tell(this.children.finished(known, move.how));
    }
    if (move.type === 'pause.asked' || move.type === 'unpause.asked' || move.type === 'resume.asked')
      return this.tell(move);
    if (move.type === 'decide') return this.decide(move.pick % this.state.steps.length, move.approved);
    if (move.type === 'retry-step')
      return this.tell({ type: 'step.retry-asked', step: move.pick % this.state.steps.length });
    const out = from(this.issued, move.pick);
    if (!out) return;
    const about = { step: out.step, token: out.task.token };
    if (move.type === 'begin') return this.tell({ type: 'task.started', ...about, worker: 'w' });
    if (move.type === 'lapse')
      return this.tell({
        type: 'lease.lapsed',
        ...about,
        ...(move.pick % 2 === 0 ? {} : { crash: { limit: 3 } }),
      });
    if (move.type === 'wear-out') return this.wearOut(out.step, move.crash);
    if (move.type === 'time-out') return this.tell({ type: 'attempt.timed-out', ...about });
    this.complete(out, move.type === 'fail' ? move.error : undefined);
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
    this.#checkFences(before, event, after, commands);
    this.#checkApprovals(before, event, after);
    const reopened = reopening.has(event.type) && after !== before;
    if (reopened) this.#cancelled = false;
    this.children.check(before, event, after, commands, this.#cancelled);
    commands.forEach((command) => this.#checkCommand(before, after, command));
    this.#checkState(before, after, reopened);
    if (event.type === 'cancel.asked' && after !== before) this.#cancelled = true;
    this.state = deepFreeze(after);
    this.room.checkLimits();
  }

  #checkFences(before: RunState, event: Event, after: RunState, commands: Command[]): void {
    const unchanged = after === before && commands.length === 0;
    if (isFinished(before.status) && !reopening.has(event.type))
      must('a finished run stays as it is', unchanged);
    if ('token' in event && before.steps[event.step]?.token !== event.token)
      must('an event under an old token changes nothing', unchanged);
    if ('step' in event && !reopening.has(event.type) && isEnd(before.steps[event.step]?.status ?? 'waiting'))
      must('an event for a step at its end changes nothing', unchanged);
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
    const earlier = this.issued.filter((out) => out.step === step).map((out) => out.task.token);
    must(
      'only what runs in any case is issued after a cancellation',
      !this.#cancelled || phase === 'finally',
    );
    must('no phase begins before the one before it has ended', hasBegun(after, step));
    must('no step is issued before its needs have results', this.#areMet(after, step));
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

  get #hasConditions(): boolean {
    return this.plan.steps.some(({ when, phase }) => when || phase === 'onFailure');
  }

  /** What is done as several and was opened again is under way, and does nothing as long as none of them does. */
  #standsStill({ steps, plan }: RunState, step: number): boolean {
    const group = instancesOf(plan, step);
    return (
      steps[step]?.status === 'running' &&
      group.length > 0 &&
      group.every((one) => !isActive(steps[one]?.status ?? 'waiting'))
    );
  }

  #areMet({ steps, plan }: RunState, step: number): boolean {
    const { needs, when } = plan.steps[step] ?? { needs: [] };
    return needs.every((need) => (when ? isEnd : hasResult)(steps[need]?.status ?? 'waiting'));
  }

  #checkApprovals(before: RunState, event: Event, after: RunState): void {
    after.steps.forEach((step, index) => {
      if (after.plan.steps[index]?.kind !== 'approval') return;
      must('no worker gets an approval', step.token === 0);
      if (hasResult(step.status) && before.steps[index]?.status !== step.status)
        must(
          'only a decision approves',
          event.type === 'approval.decided' && event.approved && event.step === index,
        );
    });
  }

  #checkGroup({ steps, plan }: RunState, step: number): void {
    const group = instancesOf(plan, step).map((one) => steps[one] ?? newStep);
    const { status, outputs } = steps[step] ?? newStep;
    const { foreach } = plan.steps[step] ?? {};
    if (group.length === 0) return;
    if (status === 'running')
      must(
        'a group is under way as long as one of its instances is',
        group.some((one) => !isEnd(one.status)),
      );
    if (hasResult(status)) {
      must(
        'a group succeeds with all of its instances',
        group.every((one) => hasResult(one.status)),
      );
      const values = group.map((one) => one.outputs?.['value'] ?? null);
      must('its outputs are theirs', isDeepStrictEqual(outputs?.['value'], foreach ? values : values.at(-1)));
    }
    const out = group.filter(
      (one) => isOut(one) || one.dueAt !== undefined || one.heldAt !== undefined,
    ).length;
    must('no more instances are out than may be', out <= (foreach?.concurrency ?? 1));
  }

  #checkState(before: RunState, after: RunState, reopened: boolean): void {
    must('what follows from the steps is right', isDeepStrictEqual(restore(after), after));
    must('a run is finished exactly when all its steps are', isFinished(after.status) === (after.open === 0));
    after.steps.forEach((step, index) => {
      const was = before.steps[index];
      if (was && isEnd(was.status) && !reopened) must('a step at its end stays as it is', step === was);
      const { phase = 'main' } = after.plan.steps[index] ?? {};
      if (was && hasResult(was.status) && phase === 'main') must('a result is kept', step === was);
      must(
        'tokens and attempts never go back',
        step.token >= (was?.token ?? 0) && step.attempt >= (was?.attempt ?? 0),
      );
      must('lapses are bounded', step.lapses <= maxLapses);
      must('crashes are bounded, and lapses', (step.crashes ?? 0) < 3 && (step.crashes ?? 0) <= step.lapses);
      if (isOut(step))
        must(
          'a step that is out has a task',
          this.issued.some((out) => out.step === index && out.task.token === step.token),
        );
      if (!['waiting', 'skipped', 'cancelled'].includes(step.status) || step.heldAt !== undefined)
        must(
          'a step does nothing before its needs have results, or with a condition their ends',
          this.#areMet(after, index) ||
            (was?.status === step.status && after.plan.steps[index]?.when !== undefined) ||
            this.#standsStill(after, index),
        );
      this.#checkGroup(after, index);
    });
    if (after.status === 'succeeded')
      must(
        'success means every step that was not skipped by a condition',
        after.steps.every(({ status }) => hasResult(status) || (status === 'skipped' && this.#hasConditions)),
      );
  }
}
