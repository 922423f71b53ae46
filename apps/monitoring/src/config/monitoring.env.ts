import { DatabaseEnv } from '@millrace/service';
import { IsInt, Max, Min } from 'class-validator';

export class MonitoringEnv extends DatabaseEnv {
  /** Windows older than this are removed. */
  @IsInt() @Min(1) @Max(3650) WINDOW_RETENTION_DAYS = 30;
}
