import { setTimeout as delay } from 'node:timers/promises';
import type { ArtifactStore } from '@millrace/artifacts';
import {
  DomainError,
  heartbeatMs,
  leaseMs,
  logAppend,
  maxLogReport,
  toDomainError,
  type Completion,
  type ComponentDescriptor,
  type Empty,
  type LogReport,
  type Progress,
} from '@millrace/contracts';
import {
  Redeliver,
  type CompletionQueue,
  type Consumption,
  type Delivery,
  type MessagingClient,
  type RequestOptions,
  type WorkQueue,
} from '@millrace/messaging';
import { withTrace, type Logger } from '@millrace/observability';
import { identityOf, parseTask, type TaskIdentity } from '../checks/parse-task.js';
import type { ComponentResult, PipelineComponent } from '../descriptor/component.js';
import { ProgressReporter, type Report } from '../progress/progress-reporter.js';
import { TaskLog } from '../progress/task-log.js';
import type { SecretSource } from '../secrets/secret-source.js';
import { execute } from './execute.js';
import { RecentCompletions } from './recent-completions.js';
import { RunningTasks } from './running-tasks.js';
import { taskLimitMs, tooLate } from './task-limit.js';
import type { TaskPoints } from './task-points.js';

export interface WorkerOptions {
  component: PipelineComponent<never>;
  descriptor: ComponentDescriptor;
  /** Names this replica in completions and progress. */
  worker: string;
  client: MessagingClient;
  work: WorkQueue;
  done: CompletionQueue;
  artifacts: ArtifactStore;
  logger: Logger;
  points: TaskPoints;
  secrets: SecretSource;
  /** Tasks at once. */
  concurrency: number;
  /** A task that was delivered so often without coming to an end kills its workers, and is failed. */
  maxDeliveries?: number;
  /** How long an aborted component may take to notice. */
  abortGraceMs?: number;
}

type Result = Completion['result'];
type Said = Pick<TaskIdentity, 'run' | 'step' | 'token'>;

const longestTimerMs = 2 ** 31 - 1;
const lastWordsMs = 1_000;

/** Works off one component's tasks. */
export class Worker {
  private readonly running = new RunningTasks();
  private readonly recent = new RecentCompletions();
  private readonly stopping = new AbortController();
  private consumption: Promise<Consumption> | undefined;

  constructor(private readonly o: WorkerOptions) {}

  start(): void {
    this.consumption = this.o.work.consume(
      this.o.descriptor.name,
      (message, delivery) => this.take(message, delivery),
      { concurrency: this.o.concurrency },
    );
  }

  /** A message from the cancel subject. */
  cancel(message: unknown): void {
    this.running.cancel(message, new DomainError('cancelled', 'the run was cancelled'));
  }

  /** Takes nothing new; what is not finished after `graceMs` is given back for another replica. */
  async stop(graceMs: number): Promise<void> {
    const timer = setTimeout(() => {
      this.stopping.abort();
      this.running.abortAll(new Redeliver());
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
    const { controller, end } = this.running.start(identity);
    const stopBeating = this.heartbeat(identity, delivery);
    try {
      await points.reached('task taken', identity);
      const completion =
        this.recent.of(identity) ?? (await this.complete(message, identity, delivery, controller));
      await points.reached('work done', identity);
      await this.publish(completion);
      this.recent.add(withoutLog(completion));
      await points.reached('completion accepted', identity);
    } finally {
      stopBeating();
      end();
    }
  }

  private async complete(
    message: unknown,
    { run, step, attempt, token }: TaskIdentity,
    delivery: Delivery,
    controller: AbortController,
  ): Promise<Completion> {
    const startedAt = Date.now();
    const began = performance.now();
    const log = new TaskLog((lines) => this.append({ run, step, token }, lines));
    const result = await this.attempt(message, delivery, controller, log).then(
      (done): Result => ({ status: 'succeeded', ...done }),
      async (error: unknown): Promise<Result> => {
        if (error instanceof Redeliver) {
          await this.lastWords({ run, step, token }, log.close());
          throw error;
        }
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
    delivery: Delivery,
    controller: AbortController,
    log: TaskLog,
  ): Promise<ComponentResult> {
    const task = parseTask(message, this.o.descriptor.name);
    const { component, descriptor, artifacts, secrets, maxDeliveries = 5, abortGraceMs = 1_000 } = this.o;
    if (delivery.deliveries > maxDeliveries)
      throw new DomainError('internal', `given up after ${maxDeliveries} deliveries that came to no end`, {
        retryable: false,
      });
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

  /** Says that the worker lives, to the orchestrator (its lease) and to JetStream (no redelivery). */
  private heartbeat(task: TaskIdentity, delivery: Delivery): () => void {
    let last = performance.now();
    const beat = (): void => {
      const blockedMs = Math.round(performance.now() - last - heartbeatMs);
      last = performance.now();
      if (blockedMs > leaseMs / 3)
        this.o.logger.warn(
          { blockedMs, run: task.run, step: task.step },
          'the event loop was blocked, heartbeats came late',
        );
      delivery.working();
      this.report(task, {});
    };
    beat();
    const timer = setInterval(beat, heartbeatMs);
    return () => clearInterval(timer);
  }

  private report({ run, step, token }: TaskIdentity, report: Report): void {
    const progress: Progress = { run, step, token, worker: this.o.worker, ...report, at: Date.now() };
    this.o.client.publish(this.o.client.subjects.progress(run, step), progress);
  }

  private append(task: Said, log: LogReport, options: RequestOptions = {}): Promise<Empty> {
    return this.o.client.request(logAppend, { ...task, log }, options);
  }

  /** There will be no completion that the rest could go along with. */
  private async lastWords(task: Said, rest: LogReport | undefined): Promise<void> {
    if (!rest) return;
    const log = { ...rest, lines: rest.lines.slice(0, maxLogReport) };
    await this.append(task, log, { timeoutMs: lastWordsMs }).catch((err: unknown) =>
      this.o.logger.warn({ err, ...task, lines: log.lines.length }, 'the last log lines were not taken'),
    );
  }

  /** Until JetStream has it, however long that takes: only then may the task be acknowledged. */
  private async publish(completion: Completion): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        return await this.o.done.publish(completion);
      } catch (error) {
        const { code, message, retryable } = toDomainError(error);
        if (!retryable)
          return this.publish(
            completion.log ? withoutLog(completion) : unsendable(completion, toDomainError(error)),
          );
        this.o.logger.warn(
          { code, reason: message, run: completion.run, step: completion.step },
          'completion not accepted yet',
        );
        await this.wait(Math.min(100 * 2 ** failures, 2_000));
      }
    }
  }

  private async wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch(() => {
      throw new Redeliver();
    });
  }
}

/** What it said has arrived with it, or makes it too large. */
const withoutLog = ({ log: _log, ...completion }: Completion): Completion => completion;

/** What doesn't fit into a message, or can't be sent for another reason that will not go away. */
const unsendable = (completion: Completion, cause: DomainError): Completion => ({
  ...completion,
  result: {
    status: 'failed',
    error: new DomainError(cause.code, `the result could not be sent: ${cause.message}`, {
      retryable: false,
    }).toBody(),
  },
});
