import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { JsonValue } from '../artifact.js';
import type { PortValue } from '../component-contract.js';
import { defineOperation } from '../wire/operation.js';
import { RunId, runStatuses, stepStatuses, type RunStatus, type StepStatus } from './orchestrator.api.js';

export class ReplayRun extends RunId {
  /**
   * Steps to be run again, with all that depends on them; the rest keeps its results. Without: all steps but those that
   * brought in what the others work on, so that it is the same data.
   */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @MaxLength(256, { each: true })
  from?: string[];
  /** What shall be another way than then, e.g. another model version. */
  @IsOptional() @IsObject() params?: Record<string, unknown>;
  /** Default: the version that the run began with. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) pipelineVersion?: number;
  /** `false`: nothing is taken from the cache. What it gives comes of the same component version, params and inputs. */
  @IsOptional() @IsBoolean() cache?: boolean;
  /** Asking twice under one key yields one run. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(256) idempotencyKey?: string;
}

export class CompareRuns extends RunId {
  /** The run before. */
  @IsString() @IsNotEmpty() @MaxLength(64) other: string;
}

export class ParamDifference {
  @IsString() name: string;
  @IsOptional() before?: JsonValue;
  @IsOptional() after?: JsonValue;
}

export class OutputDifference {
  @IsString() port: string;
  @IsOptional() before?: PortValue;
  @IsOptional() after?: PortValue;
}

export class MetricDifference {
  @IsString() name: string;
  @IsOptional() @IsNumber() before?: number;
  @IsOptional() @IsNumber() after?: number;
  /** After − before, where both are there. */
  @IsOptional() @IsNumber() difference?: number;
}

/** One step then and now. What is equal is left out. */
export class StepDifference {
  @IsString() step: string;
  @IsOptional() @IsIn(stepStatuses) before?: StepStatus;
  @IsOptional() @IsIn(stepStatuses) after?: StepStatus;
  /** Its result was taken over. */
  @IsBoolean() kept: boolean;
  @IsBoolean() same: boolean;
  @IsOptional() @IsObject() component?: { before?: string; after?: string };
  @IsArray() @ValidateNested({ each: true }) @Type(() => OutputDifference) outputs: OutputDifference[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => MetricDifference) metrics: MetricDifference[];
  /** How long the work took, in milliseconds. */
  @IsOptional() @IsObject() tookMs?: { before?: number; after?: number };
}

const verdicts = ['pending', 'same', 'different'] as const;

export class RunComparison {
  @IsString() before: string;
  @IsString() after: string;
  @IsObject() pipelineVersion: { before: number; after: number };
  @IsObject() status: { before: RunStatus; after: RunStatus };
  /** `same`: every step ended alike and gave the same; `pending`: the later run is not at its end. */
  @IsIn(verdicts) verdict: (typeof verdicts)[number];
  @IsArray() @ValidateNested({ each: true }) @Type(() => ParamDifference) params: ParamDifference[];
  /** In topological order. Where they are more than fit, those that are different, as far as they do. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => StepDifference) steps: StepDifference[];
  /** How many steps are left out. */
  @IsOptional() @IsInt() omitted?: number;
}

export class ReplayView {
  /** The new run. */
  @IsString() run: string;
  /** The run that is repeated. */
  @IsString() of: string;
  @IsIn(runStatuses) status: RunStatus;
  /** Steps whose results were taken over. */
  @IsArray() kept: string[];
  @ValidateNested() @Type(() => RunComparison) comparison: RunComparison;
}

const service = 'orchestrator';
export const runReplay = defineOperation({
  service,
  name: 'run.replay',
  summary: 'Run again on the old inputs, with components as they are now and perhaps other parameters',
  request: ReplayRun,
  response: ReplayView,
  http: { method: 'POST', path: '/v1/runs/:run/replay', status: 201 },
});
export const replayGet = defineOperation({
  service,
  name: 'replay.get',
  summary: 'A replay and what came out another way',
  request: RunId,
  response: ReplayView,
  http: { method: 'GET', path: '/v1/replays/:run' },
});
export const runCompare = defineOperation({
  service,
  name: 'run.compare',
  summary: 'What came out another way than in an earlier run: outputs, metrics, component versions, times',
  request: CompareRuns,
  response: RunComparison,
  http: { method: 'GET', path: '/v1/runs/:run/compare/:other' },
});
