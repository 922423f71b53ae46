import { MessagingClient } from '@millrace/messaging';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { OrchestratorEnv } from '../../config/orchestrator.env.js';
import { WorkerLog } from '../../log/worker-log.service.js';
import { changedSteps } from '../decide/changed-steps.js';
import type { Command } from '../decide/command.js';
import { isHeld } from '../decide/room.js';
import { isEnd, isOut, isQueued, type RunState } from '../decide/state.js';
import { Leases } from './leases.js';
import { RetryAlarms } from './retry-alarms.js';
import { RoomBook } from './room-book.js';
import { parseLimits, RoomLimits } from './room-limits.js';

/** What this process keeps an eye on because of the states that it knows of: nothing here outlives it. */
@Injectable()
export class Watch implements OnModuleDestroy {
  readonly leases: Leases;
  readonly alarms = new RetryAlarms();
  readonly room: RoomBook;

  constructor(
    env: OrchestratorEnv,
    private readonly client: MessagingClient,
    private readonly workerLog: WorkerLog,
  ) {
    this.leases = new Leases({
      leaseMs: env.LEASE_MS,
      queueCheckMs: env.QUEUE_CHECK_MS,
      graceMs: env.TIMEOUT_GRACE_MS,
    });
    const { limits } = parseLimits(env.COMPONENT_CONCURRENCY ?? '');
    this.room = new RoomBook(new RoomLimits(limits, env.QUEUE_WINDOW), (component) =>
      this.leases.tasksOf(component),
    );
  }

  /** A run is now known in this state; `before` is what was known of it. */
  follow(before: RunState | undefined, after: RunState): void {
    const wall = Date.now();
    this.leases.follow(before, after, wall);
    this.alarms.follow(before, after, wall);
    const held = new Set<string>();
    const freed = new Set<string>();
    for (const position of changedSteps(before, after)) {
      const [was, step] = [before?.steps[position], after.steps[position]];
      if (!step) continue;
      const { name, component } = after.plan.steps[position] ?? { name: '', component: '' };
      if (isHeld(step)) held.add(component);
      if (was && ((isOut(was) && !isOut(step)) || (isQueued(was) && !isQueued(step)))) freed.add(component);
      if (isEnd(step.status) && was?.status !== step.status) this.workerLog.forget(after.run, name);
    }
    this.room.follow(held, freed);
  }

  /** What a committed decision asks for beside what was written. */
  obey({ run, plan }: RunState, commands: readonly Command[]): void {
    for (const command of commands)
      if (command.type === 'cancel-task')
        this.cancel({ run, step: plan.steps[command.step]?.name ?? '', token: command.token });
  }

  /** Lossy; should it get lost, the worker's next sign of life, under a token that no longer counts, repeats it. */
  cancel(task: { run: string; step: string; token: number }): void {
    this.client.publish(this.client.subjects.cancel(), task);
  }

  onModuleDestroy(): void {
    this.alarms.stop();
  }
}
