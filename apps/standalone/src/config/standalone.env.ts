import { BaseEnv } from '@millrace/service';
import { IsString, MaxLength } from 'class-validator';

/** Of the process; each service reads its own settings as well. */
export class StandaloneEnv extends BaseEnv {
  /** Names, comma-separated, of the services to hold; empty = all. */
  @IsString() @MaxLength(1000) STANDALONE_SERVICES = '';
}
