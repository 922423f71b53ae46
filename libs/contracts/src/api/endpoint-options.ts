import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

/** `auto`: inline where a run is faster than a hop to a thread would be, as measured when the model is loaded. */
export const runnerKinds = ['auto', 'inline', 'thread', 'process'] as const;
export type RunnerKind = (typeof runnerKinds)[number];

/** How each replica executes the models of an endpoint. What is not said is as the replica's settings say. */
export class ExecutionOptions {
  @IsOptional() @IsIn(runnerKinds) runner?: RunnerKind;
  /** Threads or processes that run one model side by side. */
  @IsOptional() @IsInt() @Min(1) @Max(64) runners?: number;
  /** Requests that wait for one model; more are refused with `overloaded`. */
  @IsOptional() @IsInt() @Min(1) @Max(100_000) maxQueued?: number;
  /** Rows that run together. */
  @IsOptional() @IsInt() @Min(1) @Max(100_000) maxBatchRows?: number;
  /** How long a request may wait for company although a runner is free, in milliseconds. 0: not at all. */
  @IsOptional() @IsNumber() @Min(0) @Max(10_000) maxBatchDelayMs?: number;
  /** Batches of so many rows don't wait for more. Ascending. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(100_000, { each: true })
  preferredBatchRows?: number[];
  /** Of one run, in milliseconds: a thread or process that takes longer is ended, and started anew. */
  @IsOptional() @IsInt() @Min(1) @Max(3_600_000) timeoutMs?: number;
  /** Of the model's process, in MiB: beyond it the process is ended, and started anew. */
  @IsOptional() @IsInt() @Min(16) @Max(1_048_576) memoryMb?: number;
}

/** What a shadow gets to see, and when its answer counts as the same. */
export class ShadowOptions {
  /** Of the requests, how many are copied. Default 100. */
  @IsOptional() @IsNumber() @Min(0.001) @Max(100) percent?: number;
  /** Two numbers are the same when they differ by no more than this, or than this times the larger. Default 0.000001. */
  @IsOptional() @IsNumber() @Min(0) @Max(1_000_000) tolerance?: number;
}

/** How requests find their target. */
export class RoutingOptions {
  /**
   * Requests with the same key (header `Millrace-Routing-Key`, request parameter `routing_key`, or `keyInput`) get the same
   * target, and when weights change, as few keys as possible change theirs. One without a key goes by chance.
   */
  @IsOptional() @IsBoolean() sticky?: boolean;
  /** Input whose value in the first row is the key of a request that names none, e.g. `customer_id`. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(256) keyInput?: string;
  /** Every assignment of a key to a target is recorded, for the evaluation of an experiment. */
  @IsOptional() @IsBoolean() recordAssignments?: boolean;
  @IsOptional() @ValidateNested() @Type(() => ShadowOptions) shadow?: ShadowOptions;
}

/**
 * `live` answers with its weight; `standby` is loaded and answers nothing, so that a switch to it costs nothing; `shadow`
 * gets a copy of what the live ones get, is compared with their answers, and never answers.
 */
export const targetRoles = ['live', 'standby', 'shadow'] as const;
export type TargetRole = (typeof targetRoles)[number];
