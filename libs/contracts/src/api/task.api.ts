import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, MaxLength, Min } from 'class-validator';
import { defineOperation } from '../wire/operation.js';
import { StepOfRun } from './orchestrator.api.js';
import { Empty } from './paging.js';

/** A worker, and which task it is about to begin. */
export class BeginTask extends StepOfRun {
  @IsInt() @Min(0) token: number;
  @IsString() @IsNotEmpty() @MaxLength(256) worker: string;
  /** As in `Progress`. */
  @IsOptional() @Matches(/^[A-Za-z0-9_-]{1,64}$/) probe?: string;
}

/**
 * For workers, before they begin a task that others have begun before and not ended (header `Millrace-Lapses`). Answered
 * when it is written down who has it, so that this is known whatever becomes of all of them; `conflict` when the step is
 * out under another token by now.
 */
export const taskBegin = defineOperation({
  service: 'orchestrator',
  name: 'task.begin',
  summary: 'Note which worker is about to begin a task',
  request: BeginTask,
  response: Empty,
  timeoutMs: 2_000,
});
