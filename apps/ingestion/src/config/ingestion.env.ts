import { DatabaseAndArtifactsEnv } from '@millrace/service';
import { IsInt, IsNotEmpty, IsString, Max, MaxLength, Min } from 'class-validator';

export class IngestionEnv extends DatabaseAndArtifactsEnv {
  /** Directories, comma-separated, whose files may be imported; links must not lead out of them. */
  @IsString() @MaxLength(4000) SOURCE_ROOTS = 'data';
  /** npm packages, comma-separated, whose files may be imported as `npm:<package>/<path>`. */
  @IsString() @MaxLength(4000) SOURCE_PACKAGES = 'vega-datasets';
  /** Directory from which those packages are found. */
  @IsString() @IsNotEmpty() PACKAGE_ROOT = '.';
  /** Memory that DuckDB may use; beyond it spills to disk. */
  @IsInt() @Min(64) @Max(1_048_576) DUCKDB_MEMORY_MB = 1024;
}
