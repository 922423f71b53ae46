import { leaseMs } from '@millrace/contracts';
import { DatabaseAndArtifactsEnv } from '@millrace/service';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsComponentLimits } from './is-component-limits.js';

export class OrchestratorEnv extends DatabaseAndArtifactsEnv {
  /** A running step is handed out again when its worker is silent for so long, in milliseconds. */
  @IsInt() @Min(100) @Max(3_600_000) LEASE_MS: number = leaseMs;
  /** A queued step without a sign for so long is looked for in the queue, in milliseconds. */
  @IsInt() @Min(100) @Max(3_600_000) QUEUE_CHECK_MS = 5_000;
  /** A step that was in hand so often when the process of its worker vanished is taken to kill it, and fails. */
  @IsInt() @Min(1) @Max(100) STEP_MAX_CRASHES = 3;
  /** How much longer than its limit an attempt is waited for, in milliseconds. */
  @IsInt() @Min(0) @Max(3_600_000) TIMEOUT_GRACE_MS = 1_000;
  /** Tasks of a component that are out at once, over all runs and replicas, such as `training.fit=2,evaluation.score=4`. */
  @IsOptional() @IsComponentLimits() COMPONENT_CONCURRENCY?: string;
  /** Of any other component about so many tasks wait for a worker, the rest goes out by priority; 0 = all at once. */
  @IsInt() @Min(0) @Max(1_000_000) QUEUE_WINDOW = 64;
  /** How often is looked for what gives no answer, in milliseconds. */
  @IsInt() @Min(10) @Max(60_000) RECONCILE_MS = 1_000;
  /** Runs that ended more than so many days ago are removed with their steps and logs; 0 = none. Lineage stays. */
  @IsInt() @Min(0) @Max(36_500) HISTORY_MAX_AGE_DAYS = 0;
  /** Of each pipeline so many of the newest runs are kept; 0 = all. */
  @IsInt() @Min(0) @Max(1_000_000) HISTORY_MAX_RUNS = 0;
  /** How often is looked for runs to be removed, in milliseconds. */
  @IsInt() @Min(100) @Max(86_400_000) HISTORY_PRUNE_MS = 600_000;
  /** How many runs one trigger may start within a minute. */
  @IsInt() @Min(1) @Max(100_000) TRIGGER_BURST = 60;
  /** How many triggers may set one another off, one run after the other. */
  @IsInt() @Min(1) @Max(1_000) TRIGGER_DEPTH = 8;
}
