import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

/**
 * How a version takes the place of the one before. Each begins alike: the candidate is loaded and warmed on every replica,
 * beside what answers.
 * `rolling`: it then answers everything. `blue-green`: it waits for `promote`. `canary`: it gets its share in steps, and is
 * taken back when its numbers are bad. `shadow`: it gets copies, is compared, and waits for `promote`.
 */
export const rolloutStrategies = ['rolling', 'blue-green', 'canary', 'shadow'] as const;
export type RolloutStrategy = (typeof rolloutStrategies)[number];

/**
 * `preparing` → (`prepared`, `shadowing`, or the steps of `canary`) → `promoted`. `failed`: a replica could not load it, or
 * not in time. `rolled_back`: by its numbers, or by somebody. `superseded`: another deployment came before its end.
 */
export const rolloutPhases = [
  'preparing',
  'prepared',
  'shadowing',
  'canary',
  'promoted',
  'failed',
  'rolled_back',
  'superseded',
] as const;
export type RolloutPhase = (typeof rolloutPhases)[number];

const tenYearsMs = 315_360_000_000;

export class CanaryStep {
  /** Of the requests, in percent. */
  @IsInt() @Min(1) @Max(99) weight: number;
  /** After so long, with good numbers, comes the next step; behind the last one the candidate gets everything. Without:
   * only `promote` ends the step. */
  @IsOptional() @IsInt() @Min(100) @Max(tenYearsMs) durationMs?: number;
}

/** When a candidate is given more, and when it is taken back. Errors are those that were not the caller's own. */
export class CanaryOptions {
  /** Weights ascending. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CanaryStep)
  steps: CanaryStep[];
  /** Of the candidate, in a step, before its numbers say anything. Default 100. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000_000) minRequests?: number;
  /** Share of its requests that may fail. Default 0.01. */
  @IsOptional() @IsNumber() @Min(0) @Max(1) maxErrorRate?: number;
  /** Milliseconds within which 99 % of its answers must be. */
  @IsOptional() @IsNumber() @Min(0.001) @Max(3_600_000) maxLatencyP99Ms?: number;
  /** Its p99 may be so many times that of the version before, measured in the same step. */
  @IsOptional() @IsNumber() @Min(0.1) @Max(1_000) maxLatencyRatio?: number;
}

/** What was measured of one side since the rollout entered its phase or step. */
export class RolloutMeasure {
  @IsInt() requests: number;
  @IsInt() errors: number;
  /** Milliseconds; not there before the first answer. */
  @IsOptional() @IsNumber() p50?: number;
  @IsOptional() @IsNumber() p99?: number;
}

/** A candidate's answers beside those that callers got. */
export class ShadowMeasure {
  /** Rows that both answered. */
  @IsInt() rows: number;
  /** Share of them with the same answer (numbers: within the tolerance). */
  @IsOptional() @IsNumber() agreement?: number;
  /** Largest difference of two numbers, and the output where it was. */
  @IsOptional() @IsNumber() largestDifference?: number;
  @IsOptional() @IsString() largestDifferenceIn?: string;
  /** Copies that the candidate could not answer, and that it had no time for. */
  @IsInt() failed: number;
  @IsInt() skipped: number;
}

export class RolloutError {
  @IsString() code: string;
  @IsString() message: string;
}

/** One version taking the place of another. */
export class RolloutView {
  /** 1, 2, 3 … per endpoint. */
  @IsInt() number: number;
  @IsIn(rolloutStrategies) strategy: RolloutStrategy;
  @IsIn(rolloutPhases) phase: RolloutPhase;
  /** The candidate. */
  @IsString() model: string;
  @IsInt() version: number;
  /** What answered before. */
  @IsOptional() @IsString() previousModel?: string;
  @IsOptional() @IsInt() previousVersion?: number;
  /** Of a canary: which step it is in, from 0, and the candidate's share in percent. */
  @IsOptional() @IsInt() step?: number;
  @IsOptional() @IsInt() weight?: number;
  /** Why it is where it is, or what it waits for. */
  @IsOptional() @IsString() reason?: string;
  @IsOptional() @ValidateNested() @Type(() => RolloutError) error?: RolloutError;
  @IsString() startedAt: string;
  /** When it entered this phase or step. */
  @IsString() phaseAt: string;
  /** The other version is kept loaded until then: going back to it takes no time. */
  @IsOptional() @IsString() warmUntil?: string;
  @IsOptional() @ValidateNested() @Type(() => CanaryOptions) canary?: CanaryOptions;
  @IsOptional() @ValidateNested() @Type(() => RolloutMeasure) candidate?: RolloutMeasure;
  @IsOptional() @ValidateNested() @Type(() => RolloutMeasure) previous?: RolloutMeasure;
  @IsOptional() @ValidateNested() @Type(() => ShadowMeasure) shadow?: ShadowMeasure;
  /** Nothing more happens by itself, and nothing waits for anybody. */
  @IsBoolean() ended: boolean;
}
