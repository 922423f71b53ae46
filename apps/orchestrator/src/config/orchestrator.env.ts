import { leaseMs } from '@millrace/contracts';
import { DatabaseAndArtifactsEnv } from '@millrace/service';
import { IsInt, Max, Min } from 'class-validator';

export class OrchestratorEnv extends DatabaseAndArtifactsEnv {
  /** A running step is handed out again when its worker is silent for so long, in milliseconds. */
  @IsInt() @Min(100) @Max(3_600_000) LEASE_MS: number = leaseMs;
  /** A queued step without a sign for so long is looked for in the queue, in milliseconds. */
  @IsInt() @Min(100) @Max(3_600_000) QUEUE_CHECK_MS = 5_000;
  /** How much longer than its limit an attempt is waited for, in milliseconds. */
  @IsInt() @Min(0) @Max(3_600_000) TIMEOUT_GRACE_MS = 1_000;
  /** How often is looked for what gives no answer, in milliseconds. */
  @IsInt() @Min(10) @Max(60_000) RECONCILE_MS = 1_000;
}
