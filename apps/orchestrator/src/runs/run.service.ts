import { canonicalJson } from '@millrace/artifacts';
import { DomainError, NotFound, type RunView, type StartRun } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { RunDriver } from './drive/run-driver.js';
import { RunStarter } from './run-starter.js';
import { viewOf } from './run-view.js';
import { RunReader } from './store/run-reader.js';

/** What may be asked of runs, beside reading them. */
@Injectable()
export class RunService {
  constructor(
    private readonly starter: RunStarter,
    private readonly driver: RunDriver,
    private readonly reader: RunReader,
  ) {}

  async start(request: StartRun): Promise<RunView> {
    const started = await this.#startedBefore(request);
    if (started) return started;
    const run = await this.starter.prepare(request);
    try {
      return viewOf(await this.driver.begin(run));
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
    const run = await this.driver.look(row.id);
    if (!run) throw new NotFound('run', row.id);
    return viewOf(run);
  }
}
