import { MessagingClient } from '@millrace/messaging';
import { Outbox } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { CacheEntry } from '../../cache/cache-entry.entity.js';
import { writeRows } from '../../database/write-rows.js';
import { writeLineage } from '../../lineage/write-lineage.js';
import { LogLine } from '../../log/log-line.entity.js';
import type { Command } from '../decide/command.js';
import type { RunState } from '../decide/state.js';
import { messageIdOf } from '../decide/task-of.js';
import type { HotRun } from '../drive/hot-run.js';
import { eventsOf } from './events-of.js';
import { RunRow } from './run.entity.js';
import { columnsOf, instanceColumnsOf } from './step-columns.js';
import { StepRow } from './step.entity.js';

/** Somebody else changed the run since it was read. */
export class RunConflict extends Error {}

/** What happened to a run between two of its states. */
export interface RunChange {
  before: HotRun;
  after: RunState;
  commands: readonly Command[];
  /** Epoch milliseconds. */
  at: number;
}

/** Writes a change, and the messages that it causes, in the transaction that it is given. */
@Injectable()
export class RunWriter {
  constructor(
    private readonly outbox: Outbox,
    private readonly client: MessagingClient,
  ) {}

  async write(em: EntityManager, change: RunChange): Promise<void> {
    await this.#writeRun(em, change);
    await this.#writeSteps(em, change);
    await writeLineage(em, change.before, change.after, change.at);
    await this.#writeLog(em, change);
    await this.#writeCache(em, change);
    await this.#send(em, change);
  }

  async #writeRun(em: EntityManager, { before, after }: RunChange): Promise<void> {
    const { revision, record } = before;
    const changing = {
      status: after.status,
      paused: after.paused ?? false,
      revision: revision + 1,
      error: after.error ?? null,
      finishedAt: after.finishedAt ?? null,
    };
    if (revision === 0) {
      const { run: id, params, useCache, traceparent = null, plan } = after;
      const { idempotencyKey = null, ...fixed } = record;
      const row = { id, pipeline: plan.pipeline, params, useCache, traceparent, idempotencyKey, ...fixed };
      return writeRows(em, RunRow, [{ ...row, ...changing }]);
    }
    const { affected } = await em
      .createQueryBuilder()
      .update(RunRow)
      .set(changing as QueryDeepPartialEntity<RunRow>)
      .where('id = :run AND revision = :revision', { run: after.run, revision })
      .execute();
    if (affected !== 1) throw new RunConflict(`run ${after.run} has changed since revision ${revision}`);
  }

  async #writeSteps(em: EntityManager, { before, after }: RunChange): Promise<void> {
    const isNew = before.revision === 0;
    const rows = after.steps.flatMap((step, position): StepRow[] => {
      const planned = after.plan.steps[position];
      if (!planned || (!isNew && before.state.steps[position] === step)) return [];
      const { name, component } = planned;
      return [
        {
          run: after.run,
          position,
          name,
          component,
          revision: before.revision + 1,
          ...instanceColumnsOf(planned),
          ...columnsOf(step),
        },
      ];
    });
    await writeRows(em, StepRow, rows, { replace: !isNew });
  }

  async #writeLog(em: EntityManager, { after, commands, at }: RunChange): Promise<void> {
    const lines = commands.flatMap((command) => {
      if (command.type !== 'note') return [];
      const { level, message } = command;
      const step = command.step === undefined ? null : (after.plan.steps[command.step]?.name ?? null);
      return [{ run: after.run, step, at, level, message }];
    });
    await writeRows(em, LogLine, lines);
  }

  async #writeCache(em: EntityManager, { after, commands, at }: RunChange): Promise<void> {
    const entries = new Map<string, CacheEntry>();
    for (const command of commands) {
      if (command.type !== 'keep-result') continue;
      const { key, step, result } = command;
      const name = after.plan.steps[step]?.name ?? '';
      entries.set(key, { key, ...result, run: after.run, step: name, createdAt: at });
    }
    await writeRows(em, CacheEntry, [...entries.values()], { replace: true });
  }

  async #send(em: EntityManager, { before, after, commands, at }: RunChange): Promise<void> {
    const { subjects } = this.client;
    const headers = after.traceparent === undefined ? {} : { headers: { traceparent: after.traceparent } };
    for (const command of commands) {
      if (command.type !== 'issue-task') continue;
      const { task } = command;
      const message = { subject: subjects.work(task.component), messageId: messageIdOf(task), body: task };
      await this.outbox.add(em, { ...message, ...headers });
    }
    for (const event of eventsOf(before, after, at))
      await this.outbox.add(em, {
        subject: subjects.event(event.type),
        messageId: event.id,
        body: event,
        ...headers,
      });
  }
}
