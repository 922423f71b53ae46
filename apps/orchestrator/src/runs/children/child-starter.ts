import { canonicalJson } from '@millrace/artifacts';
import { toDomainError, type ErrorBody, type JsonValue } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { ownProperty } from '../../definition/own-property.js';
import { PlanLibrary } from '../../pipelines/plan-library.js';
import type { Command } from '../decide/command.js';
import type { RunEvent } from '../decide/event.js';
import { priorityOf } from '../decide/room.js';
import { newRun } from '../decide/state.js';
import { endOf } from '../decide/tell-parent.js';
import type { HotRun } from '../drive/hot-run.js';
import { bindRun } from '../plan-run.js';
import { newRunId } from '../run-id.js';
import { RunReader } from '../store/run-reader.js';

type Ask = Extract<Command, { type: 'prepare-child' }>;
type Unplaced<E> = E extends { at: number } ? Omit<E, 'at'> : never;

export interface PreparedChild {
  /** The answer to what was asked. */
  event: Unplaced<Extract<RunEvent, { type: 'child.prepared' | 'child.finished' }>>;
  /** A run that nobody knows of yet. */
  child?: HotRun;
}

const refused = ({ step, attempt }: Ask, error: ErrorBody): PreparedChild => ({
  event: { type: 'child.finished', step, attempt, status: 'failed', error: { ...error, retryable: false } },
});

/** Makes the runs that steps of other runs ask for: of the versions that those began with, in the same trace. */
@Injectable()
export class ChildStarter {
  constructor(
    private readonly plans: PlanLibrary,
    private readonly reader: RunReader,
  ) {}

  /** @throws what may be better later */
  async prepare(parent: HotRun, ask: Ask): Promise<PreparedChild> {
    try {
      return await this.#prepare(parent, ask);
    } catch (thrown) {
      const error = toDomainError(thrown);
      if (error.retryable) throw thrown;
      return refused(ask, error.toBody());
    }
  }

  async #prepare({ state, record }: HotRun, ask: Ask): Promise<PreparedChild> {
    const { step, attempt } = ask;
    const planned = state.plan.steps[step];
    const pipeline = planned?.pipeline ?? '';
    const version = ownProperty(record.pipelines, pipeline);
    if (!planned || version === undefined)
      return refused(ask, {
        code: 'not_found',
        message: `there was no pipeline '${pipeline}' when the run began`,
        retryable: false,
      });
    const { components, pipelines } = record;
    const { definition, plan, find } = await this.plans.layOut({ pipeline, version, components, pipelines });
    const params = bindRun(definition, ask.params, find);
    const earlier = ask.before === undefined ? undefined : await this.#goingOn(ask, ask.before, params);
    if (earlier) return earlier;
    const run = newRunId();
    const { useCache, traceparent } = state;
    return {
      event: { type: 'child.prepared', step, attempt, child: run, goesOn: false },
      child: {
        state: newRun({
          run,
          plan,
          params,
          useCache: useCache && planned.cache !== 'off',
          // It is part of what asked for it, whatever its pipeline says of runs of their own.
          priority: priorityOf(state, planned),
          parent: { run: state.run, step: planned.name, attempt },
          ...(traceparent === undefined ? {} : { traceparent }),
        }),
        record: { pipelineVersion: version, components, pipelines, createdAt: Date.now() },
        revision: 0,
      },
    };
  }

  /** The run that did it before goes on, unless it did something else. Somebody may have brought it to a good end. */
  async #goingOn(
    { step, attempt }: Ask,
    child: string,
    params: { [name: string]: JsonValue },
  ): Promise<PreparedChild | undefined> {
    const state = (await this.reader.load(child))?.state;
    if (!state || canonicalJson(state.params) !== canonicalJson(params)) return undefined;
    return state.status === 'succeeded'
      ? { event: { type: 'child.finished', step, attempt, child, ...endOf(state) } }
      : { event: { type: 'child.prepared', step, attempt, child, goesOn: true } };
  }
}
