import { MessagingClient } from '@millrace/messaging';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { OrchestratorEnv } from '../../config/orchestrator.env.js';
import { WorkerLog } from '../../log/worker-log.service.js';
import type { Command } from '../decide/command.js';
import { isEnd, type RunState } from '../decide/state.js';
import { Leases } from './leases.js';
import { RetryAlarms } from './retry-alarms.js';

/** What this process keeps an eye on because of the states that it knows of: nothing here outlives it. */
@Injectable()
export class Watch implements OnModuleDestroy {
  readonly leases: Leases;
  readonly alarms = new RetryAlarms();

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
  }

  /** A run is now known in this state; `before` is what was known of it. */
  follow(before: RunState | undefined, after: RunState): void {
    const wall = Date.now();
    this.leases.follow(before, after, wall);
    this.alarms.follow(before, after, wall);
    after.steps.forEach(({ status }, position) => {
      if (isEnd(status) && before?.steps[position]?.status !== status)
        this.workerLog.forget(after.run, after.plan.steps[position]?.name ?? '');
    });
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
