import { canonicalJson } from '@millrace/artifacts';
import {
  DomainError,
  NotFound,
  type DecideApproval,
  type RunView,
  type StartRun,
  type StepOfRun,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { whyNotDecided } from './decide/approval.js';
import { positionIn } from './decide/position-in.js';
import { whyNotResumed, whyNotRetried } from './decide/reopen.js';
import { Admission } from './drive/admission.js';
import type { HotRun } from './drive/hot-run.js';
import { RunDriver } from './drive/run-driver.js';
import { noSuchStep } from './no-such-step.js';
import { RunStarter } from './run-starter.js';
import { viewOf } from './run-view.js';
import { RunReader } from './store/run-reader.js';

const refuse = (what: string, why: string | undefined): void => {
  if (why !== undefined) throw new DomainError('conflict', `${what}: ${why}`, { retryable: false });
};

const placeOf = ({ state: { run, plan } }: HotRun, step: string): number => {
  const position = positionIn(plan, step);
  if (position !== undefined) return position;
  throw noSuchStep(run, step, plan.steps);
};

/** What may be asked of runs, beside reading them. */
@Injectable()
export class RunService {
  constructor(
    private readonly starter: RunStarter,
    private readonly driver: RunDriver,
    private readonly admission: Admission,
    private readonly reader: RunReader,
  ) {}

  /** @param alongside what is written in the same transaction as a run that is new; when it throws, there is none */
  async start(
    request: StartRun,
    alongside?: (em: EntityManager, run: string) => Promise<void>,
  ): Promise<RunView> {
    const started = await this.#startedBefore(request);
    if (started) return started;
    const run = await this.starter.prepare(request);
    try {
      const begun = await this.driver.begin(run, alongside && ((em) => alongside(em, run.state.run)));
      if (begun.state.status !== 'pending') return viewOf(begun);
      await this.admission.admit(begun.state.plan.pipeline);
      return viewOf(await this.#known(begun.state.run));
    } catch (error) {
      // The key is unique: perhaps the same request was faster, here or at another replica.
      const other = await this.#startedBefore(request);
      if (other) return other;
      throw error;
    }
  }

  /** A run that is over stays as it is. */
  async cancel(run: string): Promise<RunView> {
    return viewOf(await this.driver.tell(run, { type: 'cancel.asked' }));
  }

  /** What is out goes on to its end; nothing new begins. */
  async pause(run: string): Promise<RunView> {
    return viewOf(await this.driver.tell(run, { type: 'pause.asked' }));
  }

  async unpause(run: string): Promise<RunView> {
    return viewOf(await this.driver.tell(run, { type: 'unpause.asked' }));
  }

  /** @throws DomainError conflict where there is nothing to resume */
  async resume(run: string): Promise<RunView> {
    const { state } = await this.#known(run);
    refuse(`run '${run}' cannot be resumed`, whyNotResumed(state));
    return viewOf(await this.driver.tell(run, { type: 'resume.asked' }));
  }

  /** @throws DomainError conflict where the step did not fail, or lacks what it needs */
  async retryStep({ run, step }: StepOfRun): Promise<RunView> {
    const known = await this.#known(run);
    refuse(`step '${step}' cannot be tried again`, whyNotRetried(known.state, placeOf(known, step)));
    return viewOf(await this.driver.tell(run, { type: 'step.retry-asked', step }));
  }

  /** @throws DomainError conflict where nothing waits for a decision, forbidden where it is not theirs */
  async decideApproval({ run, step, by, approved, reason }: DecideApproval): Promise<RunView> {
    const known = await this.#known(run);
    const why = whyNotDecided(known.state, placeOf(known, step), by);
    if (why) throw new DomainError(why.code, why.message, { retryable: false });
    const verdict = { approved, by, ...(reason === undefined ? {} : { reason }) };
    return viewOf(await this.driver.tell(run, { type: 'approval.decided', step, ...verdict }));
  }

  async #known(run: string): Promise<HotRun> {
    const known = await this.driver.look(run);
    if (!known) throw new NotFound('run', run);
    return known;
  }

  async #startedBefore({
    idempotencyKey: key,
    pipeline,
    params = {},
  }: StartRun): Promise<RunView | undefined> {
    const row = key === undefined ? null : await this.reader.findByKey(key);
    if (!row) return undefined;
    const same =
      row.pipeline === pipeline && canonicalJson({ ...row.params, ...params }) === canonicalJson(row.params);
    if (!same)
      throw new DomainError(
        'conflict',
        `idempotencyKey '${key}' belongs to another run, of '${row.pipeline}'`,
        {
          retryable: false,
          details: { run: row.id },
        },
      );
    return viewOf(await this.#known(row.id));
  }
}
