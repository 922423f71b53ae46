import { DatabaseAndArtifactsEnv } from '@millrace/service';
import { IsInt, Max, Min } from 'class-validator';

export class ValidationEnv extends DatabaseAndArtifactsEnv {
  /** Memory that DuckDB may use; beyond it spills to disk. */
  @IsInt() @Min(64) @Max(1_048_576) DUCKDB_MEMORY_MB = 1024;
}
