import { MessagingClient } from '@millrace/messaging';
import { Outbox } from '@millrace/persistence';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import { CacheEntry } from '../../cache/cache-entry.entity.js';
import { writeRows } from '../../database/write-rows.js';
import { writeLineage } from '../../lineage/write-lineage.js';
import { linesOf } from '../../log/lines-of.js';
import { LogLine } from '../../log/log-line.entity.js';
import { LogNews } from '../../log/log-news.js';
import { changedSteps } from '../decide/changed-steps.js';
import type { Command } from '../decide/command.js';
import type { RunState } from '../decide/state.js';
import { messageIdOf, taskHeadersOf } from '../decide/task-of.js';
import type { HotRun } from '../drive/hot-run.js';
import { eventsOf } from './events-of.js';
import { RunRow } from './run.entity.js';
import { changingColumnsOf, newRowOf, stepRowsOf } from './run-rows.js';
import { RunMessages } from './run-messages.js';
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
  /** Runs that begin with it. */
  children?: readonly HotRun[];
  /** What of other runs led to it. */
  told?: readonly number[];
}

const headersOf = ({ traceparent }: RunState): Record<string, string> =>
  traceparent === undefined ? {} : { traceparent };

/** Writes a change, and the messages that it causes, in the transaction that it is given. */
@Injectable()
export class RunWriter {
  constructor(
    private readonly outbox: Outbox,
    private readonly client: MessagingClient,
    private readonly messages: RunMessages,
    private readonly news: LogNews,
  ) {}

  async write(em: EntityManager, change: RunChange): Promise<void> {
    await this.#writeRun(em, change);
    await this.messages.settle(em, change.after.run, change.told ?? []);
    await this.#writeSteps(em, change);
    await writeLineage(em, change.before, change.after, change.at);
    await this.#writeLog(em, change);
    await this.#writeCache(em, change);
    await this.#send(em, change);
    await this.#writeChildren(em, change);
    await this.messages.write(em, change.commands);
  }

  async #writeRun(em: EntityManager, { before, after }: RunChange): Promise<void> {
    const { revision } = before;
    const changing = changingColumnsOf(after, revision + 1);
    if (revision === 0) return writeRows(em, RunRow, [newRowOf({ ...before, state: after })]);
    const { affected } = await em
      .createQueryBuilder()
      .update(RunRow)
      .set(changing as QueryDeepPartialEntity<RunRow>)
      .where('id = :run AND revision = :revision', { run: after.run, revision })
      .execute();
    if (affected !== 1) throw new RunConflict(`run ${after.run} has changed since revision ${revision}`);
  }

  /** Runs that nobody knows of yet, as they are before their first event. */
  async #writeChildren(em: EntityManager, { children = [], at }: RunChange): Promise<void> {
    const steps = children.flatMap(({ state }) => stepRowsOf(state, 1));
    await writeRows(em, RunRow, children.map(newRowOf));
    await writeRows(em, StepRow, steps);
    // Those that may begin at once do so before anybody could care that they wait.
    for (const child of children.filter(({ state }) => state.plan.concurrency !== undefined))
      await this.#sendEvents(em, { before: child, after: child.state, at });
  }

  async #writeSteps(em: EntityManager, { before, after }: RunChange): Promise<void> {
    const isNew = before.revision === 0;
    const news = changedSteps(isNew ? undefined : before.state, after);
    const rows = stepRowsOf(after, before.revision + 1, news);
    await writeRows(em, StepRow, rows, { replace: !isNew });
  }

  async #writeLog(em: EntityManager, { after, commands, at }: RunChange): Promise<void> {
    const lines = commands.flatMap((command): LogLine[] => {
      if (command.type !== 'note' && command.type !== 'keep-lines') return [];
      const step = command.step === undefined ? null : (after.plan.steps[command.step]?.name ?? null);
      if (command.type === 'keep-lines') return linesOf(after.run, step ?? '', command.log);
      const { level, message } = command;
      return [{ run: after.run, step, at, level, message }];
    });
    if (lines.length === 0) return;
    await writeRows(em, LogLine, lines, { keep: true });
    this.news.tellOnCommit(em, after.run);
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

  async #send(em: EntityManager, change: RunChange): Promise<void> {
    const { subjects } = this.client;
    const headers = headersOf(change.after);
    for (const command of change.commands) {
      if (command.type !== 'issue-task') continue;
      const { task, step } = command;
      const message = { subject: subjects.work(task.component), messageId: messageIdOf(task), body: task };
      await this.outbox.add(em, {
        ...message,
        headers: { ...headers, ...taskHeadersOf(change.after, step) },
      });
    }
    await this.#sendEvents(em, change);
  }

  async #sendEvents(
    em: EntityManager,
    { before, after, at }: Pick<RunChange, 'before' | 'after' | 'at'>,
  ): Promise<void> {
    const { subjects } = this.client;
    const headers = headersOf(after);
    for (const event of eventsOf(before, after, at))
      await this.outbox.add(em, {
        subject: subjects.event(event.type),
        messageId: event.id,
        body: event,
        headers,
      });
  }
}
