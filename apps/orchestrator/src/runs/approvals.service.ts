import type { Approvals, ApprovalView, ListApprovals } from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { fitting } from '../search/fitting.js';
import { isUndecided } from './decide/approval.js';
import { RunDriver } from './drive/run-driver.js';
import { RunReader, type StepAt } from './store/run-reader.js';

const defaultLimit = 50;

/** What waits for somebody to decide, oldest run first. */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly reader: RunReader,
    private readonly driver: RunDriver,
  ) {}

  async list({ limit = defaultLimit, after }: ListApprovals): Promise<Approvals> {
    const found = await this.reader.undecided(limit + 1, after);
    const looked: { at: StepAt; view: ApprovalView | undefined }[] = [];
    for (const at of found.slice(0, limit)) looked.push({ at, view: await this.#view(at) });
    const page = fitting(looked);
    const items = page.flatMap(({ view }) => view ?? []);
    const last = page.at(-1)?.at;
    return found.length > page.length && last ? { items, next: `${last.run}/${last.position}` } : { items };
  }

  async #view({ run, position }: StepAt): Promise<ApprovalView | undefined> {
    const { state } = (await this.driver.look(run)) ?? {};
    const planned = state?.plan.steps[position];
    const own = state?.steps[position];
    if (!state || !planned || !own || !isUndecided(planned, own)) return undefined;
    const { by, message } = planned.approval ?? {};
    const iso = (at: number | undefined) => new Date(at ?? 0).toISOString();
    return {
      run,
      step: planned.name,
      pipeline: state.plan.pipeline,
      ...(message === undefined ? {} : { message }),
      ...(by ? { by: [...by] } : {}),
      askedAt: iso(own.startedAt),
      until: iso(own.dueAt),
    };
  }
}
