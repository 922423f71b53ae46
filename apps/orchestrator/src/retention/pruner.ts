import type { PruneHistory, Pruned } from '@millrace/contracts';
import { LOGGER, type Logger } from '@millrace/observability';
import { Transactions } from '@millrace/persistence';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { OrchestratorEnv } from '../config/orchestrator.env.js';
import { LogLine } from '../log/log-line.entity.js';
import { ReplayRow } from '../replay/replay.entity.js';
import { RunRow } from '../runs/store/run.entity.js';
import { StepRow } from '../runs/store/step.entity.js';
import { PruneCandidates, type Policy } from './prune-candidates.js';

/** Of one transaction: others wait for it on SQLite. */
const runsAtOnce = 20;
const maxRunsPerRequest = 2_000;

/** Removes runs that the policy no longer wants, with their steps and logs. What they gave, and of what, stays known. */
@Injectable()
export class Pruner implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly candidates: PruneCandidates,
    private readonly transactions: Transactions,
    private readonly env: OrchestratorEnv,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { HISTORY_MAX_AGE_DAYS, HISTORY_MAX_RUNS, HISTORY_PRUNE_MS } = this.env;
    if (HISTORY_MAX_AGE_DAYS === 0 && HISTORY_MAX_RUNS === 0) return;
    const round = () => (this.#round ??= this.#byPolicy().finally(() => (this.#round = undefined)));
    this.#timer = setInterval(() => void round(), HISTORY_PRUNE_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#round;
  }

  async prune({ dryRun = false, pipeline, ...asked }: PruneHistory): Promise<Pruned> {
    const policy: Policy = {
      maxAgeDays: asked.maxAgeDays ?? this.env.HISTORY_MAX_AGE_DAYS,
      maxRuns: asked.maxRuns ?? this.env.HISTORY_MAX_RUNS,
    };
    const found = await this.candidates.find(policy, maxRunsPerRequest + 1, pipeline);
    const more = found.length > maxRunsPerRequest;
    const first = found.slice(0, maxRunsPerRequest);
    const runs = [...first, ...(await this.candidates.below(first))];
    if (dryRun) return { runs: runs.length, dryRun, more };
    let removed = 0;
    for (let i = 0; i < runs.length && !this.#stopped; i += runsAtOnce)
      removed += await this.transactions.run((em) => remove(em, runs.slice(i, i + runsAtOnce)));
    return { runs: removed, dryRun, more };
  }

  async #byPolicy(): Promise<void> {
    try {
      for (let more = true; more && !this.#stopped;) {
        const pruned = await this.prune({});
        more = pruned.more && pruned.runs > 0;
        if (pruned.runs > 0) this.logger.info({ runs: pruned.runs }, 'old runs were removed');
      }
    } catch (err) {
      this.logger.warn({ err }, 'removing old runs failed; trying again');
    }
  }
}

/** A run that was opened again meanwhile has another revision, and stays. */
const remove = async (em: EntityManager, candidates: string[]): Promise<number> => {
  const ended = await em.findBy(RunRow, {
    id: In(candidates),
    status: In(['succeeded', 'failed', 'cancelled']),
  });
  // Those above first: what one of them began stays where that one was opened again.
  const inOrder = new Map(candidates.map((id, position) => [id, position]));
  ended.sort((a, b) => (inOrder.get(a.id) ?? 0) - (inOrder.get(b.id) ?? 0));
  let removed = 0;
  for (const { id, revision, parent } of ended) {
    if (parent !== null && (await em.existsBy(RunRow, { id: parent }))) continue;
    const { affected } = await em.delete(RunRow, { id, revision });
    if (affected === 0) continue;
    await em.delete(StepRow, { run: id });
    await em.delete(LogLine, { run: id });
    await em.delete(ReplayRow, { run: id });
    removed++;
  }
  return removed;
};
