import { DatabaseAndArtifactsEnv } from '@millrace/service';
import { IsInt, Max, Min } from 'class-validator';

export class DeploymentEnv extends DatabaseAndArtifactsEnv {
  /** An inference replica that was not heard of for so long is taken for gone. They report every 30 seconds. */
  @IsInt() @Min(1_000) @Max(86_400_000) REPLICA_EXPIRY_MS = 120_000;
  /** While replicas load a new version they are pinged: one that is silent for so long is not waited for. */
  @IsInt() @Min(500) @Max(3_600_000) REPLICA_SILENCE_MS = 10_000;
  /** Replicas have so long to load a new version; then the version before stays. */
  @IsInt() @Min(1_000) @Max(86_400_000) PREPARE_TIMEOUT_MS = 300_000;
  /** The version before is kept loaded for so long after a switch, so that going back takes no time. 0: not at all. */
  @IsInt() @Min(0) @Max(2_592_000_000) KEEP_WARM_MS = 900_000;
}
