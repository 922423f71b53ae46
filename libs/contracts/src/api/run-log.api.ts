import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { defineOperation } from '../wire/operation.js';
import { OneOrMore } from './one-or-more.js';
import { RunId, runStatuses, StepOfRun, type RunStatus } from './orchestrator.api.js';
import { Empty } from './paging.js';

export const logLevels = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Most lines of one answer, and of one report. */
export const maxLogPage = 5_000;
export const maxLogReport = 500;

export class RunLogQuery extends RunId {
  /** Only of this step, and of what it is done as (`fit[0]`, `fit#1`). */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(256) step?: string;
  /** One or more, with commas between them. */
  @IsOptional() @OneOrMore(logLevels) level?: string;
  /** Go on behind this line: a line's `id`, or the `cursor` of the answer before. `0` is the beginning; without, the end. */
  @IsOptional()
  @Matches(/^\d{1,15}$/, {
    message: "must be a line's id or the cursor of an answer before; 0 is the beginning",
  })
  after?: string;
  /** Without `after`: the newest so many lines. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(maxLogPage) tail?: number;
  /** How many lines of one answer: those behind `after`, or without it the newest. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(maxLogPage) limit?: number;
}

/** One line of a run's kept log: state changes and what workers logged. */
export class RunLogEntry {
  /** Grows within a run. */
  @IsOptional() @IsInt() id?: number;
  @IsString() at: string;
  @IsOptional() @IsString() step?: string;
  @IsString() level: string;
  @IsString() message: string;
}

export class RunLog {
  @IsArray() @ValidateNested({ each: true }) @Type(() => RunLogEntry) items: RunLogEntry[];
  /** There is more behind this by now. A page may hold fewer than `limit` all the same: each looks at so many lines. */
  @IsOptional() @IsString() next?: string;
  /** Where to go on from, now or later: no line that is kept before it was left out, and none behind it told. */
  @IsOptional() @IsString() cursor?: string;
  /** Of the run, from before the lines were read: at its end, and without a `next`, nothing will follow. */
  @IsOptional() @IsIn(runStatuses) status?: RunStatus;
}

/** One line of a worker. */
export class ReportedLine {
  /** From 1, in the order of saying. */
  @IsInt() @Min(1) @Max(2_000_000_000) n: number;
  /** Epoch milliseconds. */
  @IsNumber() @Min(0) @Max(8.64e15) at: number;
  @IsIn(logLevels) level: LogLevel;
  @IsString() @MaxLength(4_000) message: string;
}

/** What a worker logs at one attempt: sent again until it is answered, kept once. */
export class LogReport {
  /** Made up anew by whoever begins to number lines, so that the same `n` from elsewhere is another line. */
  @IsString() @IsNotEmpty() @MaxLength(64) source: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(maxLogReport)
  @ValidateNested({ each: true })
  @Type(() => ReportedLine)
  lines: ReportedLine[];
}

export class AppendLog extends StepOfRun {
  /** Of the task. Lines under an older one are refused. */
  @IsInt() token: number;
  @IsObject() @ValidateNested() @Type(() => LogReport) log: LogReport;
}

const service = 'orchestrator';
export const runLog = defineOperation({
  service,
  name: 'run.log',
  summary: "A run's log, oldest first: its end, or page by page",
  request: RunLogQuery,
  response: RunLog,
  http: { method: 'GET', path: '/v1/runs/:run/log' },
});
/** For workers. Answered when the lines are kept. */
export const logAppend = defineOperation({
  service,
  name: 'log.append',
  summary: 'Keep what a worker logs at a step',
  request: AppendLog,
  response: Empty,
});
