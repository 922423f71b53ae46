import type { ArtifactStore } from '@millrace/artifacts';
import {
  DomainError,
  logAppend,
  taskBegin,
  toDomainError,
  type Completion,
  type ComponentDescriptor,
  type Empty,
  type LogReport,
  type Progress,
  type Task,
} from '@millrace/contracts';
import {
  Redeliver,
  type CompletionQueue,
  type Consumption,
  type Delivery,
  type MessagingClient,
  type WorkQueue,
} from '@millrace/messaging';
import { withTrace, type Logger } from '@millrace/observability';
import { identityOf, parseTask, type TaskIdentity } from '../checks/parse-task.js';
import type { ComponentResult, PipelineComponent } from '../descriptor/component.js';
import { ProgressReporter, type Report } from '../progress/progress-reporter.js';
import { TaskLog } from '../progress/task-log.js';
import type { SecretSource } from '../secrets/secret-source.js';
import { CompletionSender, withoutLog } from './completion-sender.js';
import { execute } from './execute.js';
import type { Floor } from './floor.js';
import { Heartbeat } from './heartbeat.js';
import { RecentCompletions } from './recent-completions.js';
import { RunningTasks } from './running-tasks.js';
import { taskLimitMs, tooLate } from './task-limit.js';
import type { TaskPoints } from './task-points.js';

export interface WorkerOptions {
  component: PipelineComponent<never>;
  descriptor: ComponentDescriptor;
  /** Names this replica in completions and progress. */
  worker: string;
  /** Under which its process answers as long as it lives. */
  probe: string;
  /** Shared by all that would die together. */
  floor: Floor;
  client: MessagingClient;
  work: WorkQueue;
  done: CompletionQueue;
  artifacts: ArtifactStore;
  logger: Logger;
  points: TaskPoints;
  secrets: SecretSource;
  /** Tasks at once. */
  concurrency: number;
  /** How long an aborted component may take to notice. */
  abortGraceMs?: number;
}

type Result = Completion['result'];
type Said = Pick<TaskIdentity, 'run' | 'step' | 'token'>;

/** A task that this process has. */
interface InHand {
  delivery: Delivery;
  controller: AbortController;
  heartbeat: Heartbeat;
  /** Leaves the floor, if it has been entered. */
  leave: () => void;
}

const longestTimerMs = 2 ** 31 - 1;
/** One worker that vanishes is an accident: a restart, a lost machine. After two under the same attempt, it runs alone. */
const suspectAfter = 2;
/** How long a suspect waits for the end of what is in hand. */
const suspectPatienceMs = 60_000;
/** How long a task waits for the end of a suspect before it is given back. */
const patienceMs = 10_000;

/** Works off one component's tasks. */
export class Worker {
  private readonly running = new RunningTasks();
  private readonly recent = new RecentCompletions();
  private readonly sender: CompletionSender;
  private consumption: Promise<Consumption> | undefined;

  constructor(private readonly o: WorkerOptions) {
    this.sender = new CompletionSender(o.done, o.logger);
  }

  start(): void {
    this.consumption = this.o.work.consume(
      this.o.descriptor.name,
      (message, delivery) => this.take(message, delivery),
      { concurrency: this.o.concurrency, ready: (signal) => this.o.floor.opened(signal) },
    );
  }

  /** A message from the cancel subject. */
  cancel(message: unknown): void {
    this.running.cancel(message, new DomainError('cancelled', 'the run was cancelled'));
  }

  /** Takes nothing new; what is not finished after `graceMs` is given back for another replica. */
  async stop(graceMs: number): Promise<void> {
    const timer = setTimeout(() => {
      this.sender.stop();
      // The orchestrator issues it anew at once; what was merely given back to JetStream would look like a crash.
      this.running.abortAll(new DomainError('cancelled', 'its worker is being stopped'));
    }, graceMs);
    await (await this.consumption)?.stop();
    clearTimeout(timer);
  }

  private async take(message: unknown, delivery: Delivery): Promise<void> {
    const { points } = this.o;
    const identity = identityOf(message);
    if (!identity) return this.o.logger.error({ message }, 'a task without run, step and token was dropped');
    // Delivered again because this process was paused past its time: the first delivery will end it.
    if (this.running.has(identity)) throw new Redeliver(5_000);
    const known = this.recent.of(identity);
    if (!known && delivery.deliveries > 1)
      return this.sender.send(redelivered(identity, delivery, this.o.worker));
    const { controller, end } = this.running.start(identity);
    const heartbeat = this.heartbeat(identity, delivery);
    const inHand: InHand = { delivery, controller, heartbeat, leave: () => undefined };
    try {
      const completion = known ?? (await this.complete(message, identity, inHand));
      await points.reached('work done', identity);
      await this.sender.send(completion);
      this.recent.add(withoutLog(completion));
      await points.reached('completion accepted', identity);
    } finally {
      // Not before its completion is safe: whoever runs alone next may take the process along.
      inHand.leave();
      heartbeat.stop();
      end();
    }
  }

  private async complete(message: unknown, identity: TaskIdentity, inHand: InHand): Promise<Completion> {
    const { run, step, attempt, token } = identity;
    const startedAt = Date.now();
    const began = performance.now();
    const log = new TaskLog((lines) => this.append({ run, step, token }, lines));
    const result = await this.attempt(message, identity, inHand, log).then(
      (done): Result => ({ status: 'succeeded', ...done }),
      (error: unknown): Result => {
        if (error instanceof Redeliver) throw error;
        const failure = toDomainError(error);
        this.o.logger.warn({ err: failure, run, step, attempt }, 'task failed');
        return { status: 'failed', error: failure.toBody() };
      },
    );
    // How long it took is what others go by; a clock that was set meanwhile has no part in it.
    const finishedAt = startedAt + Math.round(performance.now() - began);
    const rest = log.close();
    const said = rest ? { log: rest } : {};
    return { run, step, attempt, token, worker: this.o.worker, result, ...said, startedAt, finishedAt };
  }

  private async attempt(
    message: unknown,
    identity: TaskIdentity,
    inHand: InHand,
    log: TaskLog,
  ): Promise<ComponentResult> {
    const task = parseTask(message, this.o.descriptor.name);
    const { delivery, controller, heartbeat } = inHand;
    inHand.leave = await this.admitted(delivery, controller.signal);
    // The orchestrator knows who has it before it can do any harm.
    heartbeat.begin();
    if (delivery.lapses > 0) await this.noteBegin(identity);
    await this.o.points.reached('task taken', identity);
    return this.run(task, controller, log);
  }

  /**
   * Others have begun it and not ended it. Whoever is next to vanish with it shall be known, even if the orchestrator goes
   * as well: a heartbeat alone might be lost.
   * @throws DomainError `cancelled` when it is somebody else's by now
   */
  private async noteBegin({ run, step, token }: TaskIdentity): Promise<void> {
    const { client, worker, probe, logger } = this.o;
    try {
      await client.request(taskBegin, { run, step, token, worker, probe });
    } catch (error) {
      const { code, message } = toDomainError(error);
      if (code === 'conflict') throw new DomainError('cancelled', message);
      // Without an orchestrator work goes on; one that is older knows no such question.
      logger.debug({ run, step, code }, 'it could not be noted who begins the task');
    }
  }

  /** @throws DomainError `cancelled` when it is given back */
  private admitted({ crashes }: Delivery, signal: AbortSignal): Promise<() => void> | (() => void) {
    const { floor, logger, descriptor } = this.o;
    if (crashes < suspectAfter) return floor.enterNow() ?? this.patiently(signal);
    logger.warn({ component: descriptor.name, crashes }, 'a task that may kill its workers is run alone');
    return floor.enterAlone(signal, suspectPatienceMs);
  }

  private async patiently(signal: AbortSignal): Promise<() => void> {
    try {
      return await this.o.floor.enter(AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
    } catch {
      signal.throwIfAborted();
      throw new DomainError('cancelled', 'given back: another task has to run alone here');
    }
  }

  private async run(task: Task, controller: AbortController, log: TaskLog): Promise<ComponentResult> {
    const { component, descriptor, artifacts, secrets, abortGraceMs = 1_000 } = this.o;
    const limitMs = taskLimitMs(task, Date.now());
    if (limitMs <= 0) throw tooLate(task);
    const timer = setTimeout(() => controller.abort(tooLate(task)), Math.min(limitMs, longestTimerMs));
    const reporter = new ProgressReporter((report) => this.report(task, log.take(report)));
    const logger = this.o.logger.child({ run: task.run, step: task.step, component: descriptor.name });
    const work = { component, descriptor, task, artifacts, logger, reporter, secrets };
    try {
      return await withTrace(task.traceparent, `component ${descriptor.name}`, () =>
        execute({ ...work, signal: controller.signal, graceMs: abortGraceMs }),
      );
    } finally {
      clearTimeout(timer);
      reporter.close();
    }
  }

  private heartbeat(task: TaskIdentity, delivery: Delivery): Heartbeat {
    const { run, step } = task;
    return new Heartbeat({
      working: () => delivery.working(),
      report: () => this.report(task, {}),
      onBlocked: (blockedMs) =>
        this.o.logger.warn({ blockedMs, run, step }, 'the event loop was blocked, heartbeats came late'),
    });
  }

  private report({ run, step, token }: TaskIdentity, report: Report): void {
    const { worker, probe } = this.o;
    const progress: Progress = { run, step, token, worker, probe, ...report, at: Date.now() };
    this.o.client.publish(this.o.client.subjects.progress(run, step), progress);
  }

  private append(task: Said, log: LogReport): Promise<Empty> {
    return this.o.client.request(logAppend, { ...task, log });
  }
}

/** Whoever had it before may have died of it: not begun again, but left to the orchestrator to judge. */
const redelivered = (
  { run, step, attempt, token }: TaskIdentity,
  { deliveries }: Delivery,
  worker: string,
): Completion => {
  const error = new DomainError('cancelled', `delivered ${deliveries} times, and not begun again`);
  const result: Result = { status: 'failed', error: error.toBody() };
  const at = Date.now();
  return {
    ...{ run, step, attempt, token, worker, result },
    ...{ startedAt: at, finishedAt: at, redelivered: deliveries },
  };
};
