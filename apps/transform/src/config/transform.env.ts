import { ArtifactsEnv } from '@millrace/service';
import { IsInt, Max, Min } from 'class-validator';

export class TransformEnv extends ArtifactsEnv {
  /** Memory that DuckDB may use; beyond it spills to disk. */
  @IsInt() @Min(64) @Max(1_048_576) DUCKDB_MEMORY_MB = 1024;
  /** How long one SQL statement may run; then its process is killed. */
  @IsInt() @Min(100) @Max(86_400_000) SQL_TIMEOUT_MS = 300_000;
}
