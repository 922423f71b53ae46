import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThanOrEqual, Repository, type EntityManager } from 'typeorm';
import { writeRows } from '../../database/write-rows.js';
import type { Command } from '../decide/command.js';
import { RunMessageRow } from './run-message.entity.js';

/** What a run is told by another. */
export interface Told {
  id: number;
  run: string;
  message: RunMessageRow['message'];
}

/** Somebody else has told it, or there is something older to tell first. */
export class OutOfTurn extends Error {}

const idOf = ({ id }: RunMessageRow): number => Number(id);
const maxWaiting = 10_000;

/**
 * What runs tell each other: a row that is written with the change that causes it, and removed with the change that it
 * causes. So each is told once, in order, whoever is killed in between.
 */
@Injectable()
export class RunMessages {
  constructor(@InjectRepository(RunMessageRow) private readonly rows: Repository<RunMessageRow>) {}

  /** In the transaction of what a decision changed. */
  async write(em: EntityManager, commands: readonly Command[]): Promise<void> {
    const rows = commands.flatMap((command) =>
      command.type === 'tell-run' ? [{ run: command.run, message: command.message }] : [],
    );
    await writeRows(em, RunMessageRow, rows);
  }

  /** In the transaction of what they changed. @throws OutOfTurn */
  async settle(em: EntityManager, run: string, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const upTo = LessThanOrEqual(Math.max(...ids));
    const { affected } = await em.delete(RunMessageRow, { run, id: upTo });
    if (affected !== ids.length)
      throw new OutOfTurn(`${affected} messages to ${run} are left of ${ids.length}`);
  }

  /** In the order in which they are to be told. */
  async to(run: string, limit: number): Promise<Told[]> {
    const rows = await this.rows.find({ where: { run }, order: { id: 'ASC' }, take: limit });
    return rows.map((row) => ({ id: idOf(row), run, message: row.message }));
  }

  /** All that nobody has told yet, oldest first. */
  async waiting(): Promise<Omit<Told, 'message'>[]> {
    const rows = await this.rows.find({
      select: { id: true, run: true },
      order: { id: 'ASC' },
      take: maxWaiting,
    });
    return rows.map((row) => ({ id: idOf(row), run: row.run }));
  }

  /** There is nobody to be told. */
  async drop(ids: readonly number[]): Promise<void> {
    await this.rows.delete({ id: In([...ids]) });
  }
}
