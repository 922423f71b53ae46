import { DatabaseAndArtifactsEnv } from '@millrace/service';
import { IsInt, Max, Min } from 'class-validator';

export class TrainingEnv extends DatabaseAndArtifactsEnv {
  /** Fits at once; each takes a core and holds its data in memory. */
  @IsInt() @Min(1) @Max(64) TRAINING_CONCURRENCY = 1;
  /** Rows of a dataset; a fit holds all of it in memory. */
  @IsInt() @Min(1) @Max(1_000_000_000) TRAINING_MAX_ROWS = 5_000_000;
  /** Memory that DuckDB may use to read a dataset; beyond it spills to disk. */
  @IsInt() @Min(64) @Max(1_048_576) DUCKDB_MEMORY_MB = 512;
}
