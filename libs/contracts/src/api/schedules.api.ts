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
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { ErrorBody } from '../wire/domain-error.js';
import { defineOperation } from '../wire/operation.js';
import { PageRequest } from './paging.js';

export class ScheduleName {
  @IsString() @IsNotEmpty() @MaxLength(63) pipeline: string;
}

/** When runs of a pipeline begin by themselves. */
export class ScheduleView {
  @IsString() pipeline: string;
  @IsString() cron: string;
  @IsString() timezone: string;
  @IsIn(['none', 'latest', 'all']) catchUp: 'none' | 'latest' | 'all';
  @IsObject() params: Record<string, unknown>;
  @IsBoolean() paused: boolean;
  /** The next tick; none where it is paused, or will never be due again. */
  @IsOptional() @IsString() next?: string;
  /** The tick that was started last, and its run. */
  @IsOptional() @IsString() last?: string;
  @IsOptional() @IsString() lastRun?: string;
  /** Why the latest tick has no run. */
  @IsOptional() @IsObject() error?: ErrorBody;
}

export class Schedules {
  @IsArray() @ValidateNested({ each: true }) @Type(() => ScheduleView) items: ScheduleView[];
  @IsOptional() @IsString() next?: string;
}

/** Of a pipeline's schedule, or of one that is only thought of. */
export class PreviewSchedule {
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(63) pipeline?: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(200) cron?: string;
  /** IANA name; default UTC. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(100) timezone?: string;
  /** RFC 3339; default now. */
  @IsOptional() @IsString() @MaxLength(40) from?: string;
  /** Default 10. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) count?: number;
}

export class Tick {
  /** UTC */
  @IsString() at: string;
  /** The same on the clocks of the time zone, with their offset. */
  @IsString() local: string;
}

export class Ticks {
  @IsArray() @ValidateNested({ each: true }) @Type(() => Tick) items: Tick[];
}

/**
 * How messages reach a trigger. `durable`: from a JetStream stream, each at least once and one run per message, also
 * those sent while the orchestrator was away. `core`: from a plain subject, at most once: what is sent while nobody
 * listens is lost.
 */
export const triggerDeliveries = ['durable', 'core'] as const;
export type TriggerDelivery = (typeof triggerDeliveries)[number];

export class TriggerView {
  @IsString() trigger: string;
  @IsString() pipeline: string;
  /** CloudEvents type, or … */
  @IsOptional() @IsString() event?: string;
  /** … subject. */
  @IsOptional() @IsString() subject?: string;
  /** CEL over `event`. */
  @IsOptional() @IsString() when?: string;
  @IsObject() params: Record<string, unknown>;
  /** None while it is being found out. */
  @IsOptional() @IsIn(triggerDeliveries) delivery?: TriggerDelivery;
  /** How many runs it has started, and how many messages it has refused. */
  @IsInt() fired: number;
  @IsInt() refused: number;
  @IsOptional() @IsString() lastRun?: string;
  @IsOptional() @IsString() lastFiredAt?: string;
  /** Why the latest refused message was refused. */
  @IsOptional() @IsObject() error?: ErrorBody;
}

export class TriggerQuery extends PageRequest {
  @IsOptional() @IsString() @MaxLength(63) pipeline?: string;
}

export class Triggers {
  @IsArray() @ValidateNested({ each: true }) @Type(() => TriggerView) items: TriggerView[];
  @IsOptional() @IsString() next?: string;
}

const service = 'orchestrator';
export const scheduleList = defineOperation({
  service,
  name: 'schedule.list',
  summary: 'The schedules of pipelines, and when each is due',
  request: PageRequest,
  response: Schedules,
  http: { method: 'GET', path: '/v1/schedules' },
});
export const schedulePause = defineOperation({
  service,
  name: 'schedule.pause',
  summary: "Start no more runs by a pipeline's schedule",
  request: ScheduleName,
  response: ScheduleView,
  http: { method: 'POST', path: '/v1/schedules/:pipeline/pause' },
});
export const scheduleResume = defineOperation({
  service,
  name: 'schedule.resume',
  summary: 'Go on with a schedule from now; what fell into the pause is not caught up with',
  request: ScheduleName,
  response: ScheduleView,
  http: { method: 'POST', path: '/v1/schedules/:pipeline/resume' },
});
export const schedulePreview = defineOperation({
  service,
  name: 'schedule.preview',
  summary: 'When a schedule will be due next',
  request: PreviewSchedule,
  response: Ticks,
  http: { method: 'POST', path: '/v1/schedules/preview' },
});
export const triggerList = defineOperation({
  service,
  name: 'trigger.list',
  summary: 'The triggers of pipelines, and what they did',
  request: TriggerQuery,
  response: Triggers,
  http: { method: 'GET', path: '/v1/triggers' },
});
