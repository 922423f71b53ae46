import { DomainError, NotFound, type AppendLog, type Empty } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { positionIn } from '../runs/decide/position-in.js';
import { RunDriver } from '../runs/drive/run-driver.js';
import { linesOf } from './lines-of.js';
import { LogWriter } from './log-writer.js';

/** Takes what workers report of their logs while they work. */
@Injectable()
export class LogReports {
  constructor(
    private readonly driver: RunDriver,
    private readonly writer: LogWriter,
  ) {}

  /**
   * Resolves when the lines are kept.
   * @throws DomainError `not_found`, `conflict` when the step is another worker's by now, `overloaded`
   */
  async append({ run, step, token, log }: AppendLog): Promise<Empty> {
    const known = await this.driver.look(run, { seen: [{ step, token }] });
    if (!known) throw new NotFound('run', run);
    const own = known.state.steps[positionIn(known.state.plan, step) ?? -1];
    if (!own) throw new NotFound('step', `${run}/${step}`);
    if (own.token !== token)
      throw new DomainError('conflict', `step '${step}' is out under another token`, { retryable: false });
    await this.writer.write(run, linesOf(run, step, log));
    return {};
  }
}
