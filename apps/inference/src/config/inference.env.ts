import { runnerKinds, type RunnerKind } from '@millrace/contracts';
import { ArtifactsEnv } from '@millrace/service';
import { IsIn, IsInt, IsNumber, IsOptional, Matches, Max, Min } from 'class-validator';

export class InferenceEnv extends ArtifactsEnv {
  /** Tells this replica from others; made from host and process without it. */
  @IsOptional() @Matches(/^[A-Za-z0-9._-]{1,100}$/) REPLICA_ID?: string;
  /** Largest body of a prediction (over NATS max_payload bounds it too). */
  @IsInt() @Min(1_024) @Max(1_073_741_824) MAX_BODY_BYTES = 16_777_216;
  /** Most rows in one prediction. */
  @IsInt() @Min(1) @Max(1_000_000) MAX_ROWS = 10_000;
  /** Requests that wait for one model; more are refused at once. Besides, an endpoint takes no more than 1,000 at a time. */
  @IsInt() @Min(1) @Max(1_000) MAX_QUEUED = 1_000;
  /** Most rows of waiting requests that run together. */
  @IsInt() @Min(1) @Max(100_000) MAX_BATCH_ROWS = 64;
  /** Where models run: `auto` as measured when they are loaded; else `inline`, `thread` or `process`. */
  @IsIn(runnerKinds) RUNNER: RunnerKind = 'auto';
  /** Threads or processes that run one model side by side. */
  @IsInt() @Min(1) @Max(64) RUNNERS = 1;
  /** How long one run may hold up everything else: models that take longer for one row run in threads. */
  @IsNumber() @Min(0) @Max(1_000) INLINE_MAX_MS = 2;
  /** Of one run in a thread or process: what takes longer is given up, and its process killed. */
  @IsInt() @Min(1) @Max(3_600_000) RUN_TIMEOUT_MS = 10_000;
  /** What it may take to load a model, and to check and measure it. */
  @IsInt() @Min(100) @Max(3_600_000) LOAD_TIMEOUT_MS = 60_000;
  /** Of a model in a process of its own, and of each while it is tried. */
  @IsInt() @Min(16) @Max(1_048_576) MODEL_MEMORY_MB = 2_048;
  /** Models in memory at once: beyond it, those sleep that were asked longest ago, until they are asked again. */
  @IsInt() @Min(1) @Max(100_000) MAX_MODELS_IN_MEMORY = 1_000;
  /** About what all models in memory may take, in MiB; beyond it, likewise. */
  @IsInt() @Min(16) @Max(16_777_216) MODELS_MEMORY_MB = 4_096;
  /** How often the list of endpoints is read anew, and reports are repeated, besides events. */
  @IsInt() @Min(100) @Max(3_600_000) RESYNC_MS = 30_000;
  /** Length of a window of counts and sketches. */
  @IsInt() @Min(100) @Max(3_600_000) WINDOW_MS = 10_000;
  /** Rows per second and endpoint that are sketched in full; of more, a sample. */
  @IsInt() @Min(1) @Max(1_000_000) SKETCHED_ROWS_PER_SECOND = 1_000;
}
