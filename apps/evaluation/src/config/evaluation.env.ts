import { ArtifactsEnv } from '@millrace/service';
import { IsInt, Max, Min } from 'class-validator';

export class EvaluationEnv extends ArtifactsEnv {
  /** Evaluations at once; each holds its data in memory. */
  @IsInt() @Min(1) @Max(64) EVALUATION_CONCURRENCY = 1;
  /** Rows of a dataset; an evaluation holds all of it in memory. */
  @IsInt() @Min(1) @Max(1_000_000_000) EVALUATION_MAX_ROWS = 5_000_000;
  /** Memory that DuckDB may use to read a dataset; beyond it spills to disk. */
  @IsInt() @Min(64) @Max(1_048_576) DUCKDB_MEMORY_MB = 512;
}
