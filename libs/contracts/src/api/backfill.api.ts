import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
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
import { runStatuses, type RunStatus } from './orchestrator.api.js';
import { PageRequest } from './paging.js';

const date = /^\d{4}-\d{2}-\d{2}$/;
const isDate = { message: 'must be a date such as 2026-01-31' };
export const backfillUnits = ['day', 'week', 'month'] as const;
export type BackfillUnit = (typeof backfillUnits)[number];
export const backfillStatuses = ['running', 'paused', 'cancelled', 'succeeded', 'failed'] as const;
export type BackfillStatus = (typeof backfillStatuses)[number];

/** One run of a pipeline for each date of a range. */
export class StartBackfill {
  @IsString() @IsNotEmpty() @MaxLength(63) pipeline: string;
  /** First date, e.g. `2026-01-01`. */
  @Matches(date, isDate) from: string;
  /** Last date, itself included. */
  @Matches(date, isDate) to: string;
  /** From one date to the next; default `day`. Months keep the day of `from`, or end on their last. */
  @IsOptional() @IsIn(backfillUnits) every?: BackfillUnit;
  /** The pipeline's parameter that takes the date, a string; default `date`. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(63) param?: string;
  /** The other parameters, the same for all. */
  @IsOptional() @IsObject() params?: Record<string, unknown>;
  /** Runs at once; default 1. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) concurrency?: number;
  /** Asking twice under one key yields one backfill. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(256) idempotencyKey?: string;
}

export class BackfillId {
  @IsString() @IsNotEmpty() @MaxLength(64) backfill: string;
}

export class BackfillDate {
  @IsString() date: string;
  /** `waiting`: no run yet. */
  @IsIn(['waiting', ...runStatuses]) status: 'waiting' | RunStatus;
  /** The latest run for this date, … */
  @IsOptional() @IsString() run?: string;
  /** … and how many there were. */
  @IsInt() attempts: number;
}

export class BackfillView {
  @IsString() backfill: string;
  @IsString() pipeline: string;
  /** `failed`: every date had its run, and not all succeeded. */
  @IsIn(backfillStatuses) status: BackfillStatus;
  @IsString() from: string;
  @IsString() to: string;
  @IsIn(backfillUnits) every: BackfillUnit;
  @IsString() param: string;
  @IsObject() params: Record<string, unknown>;
  @IsInt() concurrency: number;
  /** Status → how many dates. */
  @IsObject() counts: Record<string, number>;
  @IsString() createdAt: string;
  @IsOptional() @IsString() error?: string;
  /** Oldest first; left out in lists. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => BackfillDate) dates: BackfillDate[];
}

/** Newest first, without their dates. */
export class Backfills {
  @IsArray() @ValidateNested({ each: true }) @Type(() => BackfillView) items: BackfillView[];
  @IsOptional() @IsString() next?: string;
}

/** Goes on; dates whose runs failed or were cancelled get another run. */
export class ResumeBackfill extends BackfillId {
  /** `false`: only the dates that had no run yet. */
  @IsOptional() @IsBoolean() failed?: boolean;
}

const service = 'orchestrator';
export const backfillStart = defineOperation({
  service,
  name: 'backfill.start',
  summary: 'Run a pipeline once for each date of a range',
  request: StartBackfill,
  response: BackfillView,
  http: { method: 'POST', path: '/v1/backfills', status: 201 },
});
export const backfillGet = defineOperation({
  service,
  name: 'backfill.get',
  summary: 'A backfill with all its dates',
  request: BackfillId,
  response: BackfillView,
  http: { method: 'GET', path: '/v1/backfills/:backfill' },
});
export const backfillList = defineOperation({
  service,
  name: 'backfill.list',
  summary: 'Backfills, newest first',
  request: PageRequest,
  response: Backfills,
  http: { method: 'GET', path: '/v1/backfills' },
});
export const backfillPause = defineOperation({
  service,
  name: 'backfill.pause',
  summary: 'Begin no further run of a backfill; those that run go on',
  request: BackfillId,
  response: BackfillView,
  http: { method: 'POST', path: '/v1/backfills/:backfill/pause' },
});
export const backfillResume = defineOperation({
  service,
  name: 'backfill.resume',
  summary: 'Go on with a backfill, and run again the dates that failed',
  request: ResumeBackfill,
  response: BackfillView,
  http: { method: 'POST', path: '/v1/backfills/:backfill/resume' },
});
export const backfillCancel = defineOperation({
  service,
  name: 'backfill.cancel',
  summary: 'End a backfill and cancel its runs',
  request: BackfillId,
  response: BackfillView,
  http: { method: 'POST', path: '/v1/backfills/:backfill/cancel' },
});
