import { ArtifactsEnv } from '@millrace/service';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

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
  /** How often the list of endpoints is read anew, and reports are repeated, besides events. */
  @IsInt() @Min(100) @Max(3_600_000) RESYNC_MS = 30_000;
  /** Length of a window of counts and sketches. */
  @IsInt() @Min(100) @Max(3_600_000) WINDOW_MS = 10_000;
  /** Rows per second and endpoint that are sketched in full; of more, a sample. */
  @IsInt() @Min(1) @Max(1_000_000) SKETCHED_ROWS_PER_SECOND = 1_000;
}
