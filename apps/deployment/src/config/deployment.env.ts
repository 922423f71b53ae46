import { DatabaseAndArtifactsEnv } from '@millrace/service';
import { IsInt, Max, Min } from 'class-validator';

export class DeploymentEnv extends DatabaseAndArtifactsEnv {
  /** An inference replica that was not heard of for so long is taken for gone. They report every 30 seconds. */
  @IsInt() @Min(1_000) @Max(86_400_000) REPLICA_EXPIRY_MS = 120_000;
}
