import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { defineOperation } from '../wire/operation.js';

/** What of the history of runs is not to be kept. A run goes when either says so; one that is not at its end stays. */
export class PruneHistory {
  /** Runs that ended more than so many days ago. Default: the service's setting; 0 = any age is kept. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(36_500) maxAgeDays?: number;
  /** All but so many of the newest runs of each pipeline. Default: the service's setting; 0 = any number is kept. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(1_000_000) maxRuns?: number;
  /** Only of this pipeline. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(63) pipeline?: string;
  /** Only say how many it would be. */
  @IsOptional() @IsBoolean() dryRun?: boolean;
}

/** Lineage, cached results and pipelines' versions stay. */
export class Pruned {
  @IsInt() runs: number;
  @IsBoolean() dryRun: boolean;
  /** There is more to be pruned than is done at once: ask again. */
  @IsBoolean() more: boolean;
}

export const historyPrune = defineOperation({
  service: 'orchestrator',
  name: 'history.prune',
  summary: 'Remove old runs with their steps and logs; lineage stays',
  request: PruneHistory,
  response: Pruned,
  http: { method: 'POST', path: '/v1/history/prune' },
  timeoutMs: 30_000,
});
