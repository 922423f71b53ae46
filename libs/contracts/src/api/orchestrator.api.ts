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
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { ComponentDescriptor, PortValue } from '../component-contract.js';
import type { PipelineDefinition } from '../pipeline.js';
import type { ErrorBody } from '../wire/domain-error.js';
import { defineOperation } from '../wire/operation.js';
import { OneOrMore } from './one-or-more.js';
import { Empty, PageRequest } from './paging.js';

export const runStatuses = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];
export const stepStatuses = [
  'waiting',
  'queued',
  'running',
  'succeeded',
  'failed',
  'cached',
  'skipped',
  'cancelled',
] as const;
export type StepStatus = (typeof stepStatuses)[number];

export class SubmitPipeline {
  /** YAML text, or … */
  @ValidateIf((o: SubmitPipeline) => o.definition === undefined)
  @IsString()
  @IsNotEmpty()
  @MaxLength(512 * 1024)
  yaml?: string;
  /** … the same as an object. */
  @ValidateIf((o: SubmitPipeline) => o.yaml === undefined) @IsObject() definition?: PipelineDefinition;
}

export class PipelineName {
  @IsString() @IsNotEmpty() @MaxLength(63) name: string;
}

export class PipelineView {
  @IsString() name: string;
  /** Grows with every changed submission. */
  @IsInt() version: number;
  @IsObject() definition: PipelineDefinition;
  @IsString() createdAt: string;
}

export class Pipelines {
  @IsArray() @ValidateNested({ each: true }) @Type(() => PipelineView) items: PipelineView[];
  @IsOptional() @IsString() next?: string;
}

/** A JSON Schema, draft 2020-12. */
export class PipelineSchema {
  @IsString() $schema: string;
  @IsString() $id: string;
}

/** Starts the latest version of a submitted pipeline. */
export class StartRun {
  @IsString() @IsNotEmpty() @MaxLength(63) pipeline: string;
  @IsOptional() @IsObject() params?: Record<string, unknown>;
  /** Starting twice under one key yields one run. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(256) idempotencyKey?: string;
  /** `false`: no step of this run is taken from the cache. */
  @IsOptional() @IsBoolean() cache?: boolean;
  /** 0…9, 9 first, of all steps that say nothing of their own. Without: as the pipeline says, or 5. */
  @IsOptional() @IsInt() @Min(0) @Max(9) priority?: number;
}

export class RunId {
  @IsString() @IsNotEmpty() @MaxLength(64) run: string;
}

export class StepOfRun extends RunId {
  @IsString() @IsNotEmpty() @MaxLength(256) step: string;
}

export class StepView {
  @IsString() step: string;
  @IsString() component: string;
  @IsIn(stepStatuses) status: StepStatus;
  @IsInt() attempt: number;
  @IsObject() outputs: Record<string, PortValue>;
  @IsObject() metrics: Record<string, number>;
  @IsOptional() @IsObject() error?: ErrorBody;
  @IsOptional() @IsString() worker?: string;
  /** Outputs too long for an answer, that stand in `outputs` as `{truncated: <their beginning>}`. */
  @IsOptional() @IsArray() shortened?: string[];
  /** Of a step that is done as several (`foreach`, `until`): how many of them are in which state. */
  @IsOptional() @IsObject() instances?: Partial<Record<StepStatus, number>>;
  /** Of a step that runs another pipeline: the run that does it, or did it last. */
  @IsOptional() @IsString() child?: string;
  /** It waits for room since then: as many tasks of its component are out as may be. */
  @IsOptional() @IsString() heldSince?: string;
  @IsOptional() @IsString() queuedAt?: string;
  @IsOptional() @IsString() startedAt?: string;
  @IsOptional() @IsString() finishedAt?: string;
}

/** For which step of which run a run was begun. */
export class RunParent {
  @IsString() run: string;
  @IsString() step: string;
}

export class RunView {
  @IsString() run: string;
  @IsString() pipeline: string;
  @IsInt() pipelineVersion: number;
  @IsIn(runStatuses) status: RunStatus;
  /** Nothing new begins until it is told to go on. */
  @IsOptional() @IsBoolean() paused?: boolean;
  @IsOptional() @ValidateNested() @Type(() => RunParent) parent?: RunParent;
  /** 0…9, 9 first. */
  @IsOptional() @IsInt() priority?: number;
  @IsObject() params: Record<string, unknown>;
  /** In topological order, then the instances of `foreach` and `until`; no more than 1,000, and than fit into an answer. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => StepView) steps: StepView[];
  /** There are more steps: `step.list` gives those after this. */
  @IsOptional() @IsString() next?: string;
  @IsOptional() @IsObject() error?: ErrorBody;
  @IsString() createdAt: string;
  @IsOptional() @IsString() finishedAt?: string;
}

export class StepQuery extends PageRequest {
  @IsString() @IsNotEmpty() @MaxLength(64) run: string;
  /** Only the instances of this step. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(256) of?: string;
  /** One or more, with commas between them. */
  @IsOptional() @OneOrMore(stepStatuses) status?: string;
}

/** As in `run.get`. A page ends where an answer is full, so it may be short and have a `next`. */
export class StepPage {
  @IsArray() @ValidateNested({ each: true }) @Type(() => StepView) items: StepView[];
  @IsOptional() @IsString() next?: string;
}

export class RunQuery extends PageRequest {
  @IsOptional() @IsString() @MaxLength(63) pipeline?: string;
  /** One or more, with commas between them. */
  @IsOptional() @OneOrMore(runStatuses) status?: string;
  /** Only runs that this one began, for its steps. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(64) parent?: string;
}

/** Newest first, each without its steps (`steps` is empty): `run.get` has them. */
export class Runs {
  @IsArray() @ValidateNested({ each: true }) @Type(() => RunView) items: RunView[];
  @IsOptional() @IsString() next?: string;
}

export class Components {
  @IsArray() items: (ComponentDescriptor & { alive: boolean })[];
}

const service = 'orchestrator';
export const pipelineSubmit = defineOperation({
  service,
  name: 'pipeline.submit',
  summary: 'Check a pipeline and keep it as a new version',
  request: SubmitPipeline,
  response: PipelineView,
  http: { method: 'POST', path: '/v1/pipelines', status: 201 },
});
export const pipelineList = defineOperation({
  service,
  name: 'pipeline.list',
  summary: 'The latest version of every pipeline',
  request: PageRequest,
  response: Pipelines,
  http: { method: 'GET', path: '/v1/pipelines' },
});
export const pipelineGet = defineOperation({
  service,
  name: 'pipeline.get',
  summary: 'The latest version of a pipeline',
  request: PipelineName,
  response: PipelineView,
  http: { method: 'GET', path: '/v1/pipelines/:name' },
});
/** Over HTTP the gateway has it, for editors: `/v1/schemas/pipeline.json`. */
export const pipelineSchemaGet = defineOperation({
  service,
  name: 'pipeline.schema',
  summary: 'The JSON Schema of a pipeline',
  request: Empty,
  response: PipelineSchema,
});
export const runStart = defineOperation({
  service,
  name: 'run.start',
  summary: 'Start a run',
  request: StartRun,
  response: RunView,
  http: { method: 'POST', path: '/v1/runs', status: 201 },
});
export const runGet = defineOperation({
  service,
  name: 'run.get',
  summary: 'One run with its steps, or the first 1,000 of them',
  request: RunId,
  response: RunView,
  http: { method: 'GET', path: '/v1/runs/:run' },
});
export const stepList = defineOperation({
  service,
  name: 'step.list',
  summary: 'The steps of a run, page by page',
  request: StepQuery,
  response: StepPage,
  http: { method: 'GET', path: '/v1/runs/:run/steps' },
});
export const runList = defineOperation({
  service,
  name: 'run.list',
  summary: 'Runs, newest first',
  request: RunQuery,
  response: Runs,
  http: { method: 'GET', path: '/v1/runs' },
});
export const runCancel = defineOperation({
  service,
  name: 'run.cancel',
  summary: 'Cancel a run and the step that it is at',
  request: RunId,
  response: RunView,
  http: { method: 'POST', path: '/v1/runs/:run/cancel' },
});
export const runPause = defineOperation({
  service,
  name: 'run.pause',
  summary: 'Begin nothing new in a run; what is out goes on to its end',
  request: RunId,
  response: RunView,
  http: { method: 'POST', path: '/v1/runs/:run/pause' },
});
export const runUnpause = defineOperation({
  service,
  name: 'run.unpause',
  summary: 'Let a paused run go on',
  request: RunId,
  response: RunView,
  http: { method: 'POST', path: '/v1/runs/:run/unpause' },
});
export const runResume = defineOperation({
  service,
  name: 'run.resume',
  summary: 'Open a failed or cancelled run again: what has a result keeps it, the rest is done',
  request: RunId,
  response: RunView,
  http: { method: 'POST', path: '/v1/runs/:run/resume' },
});
export const stepRetry = defineOperation({
  service,
  name: 'step.retry',
  summary: 'Try one step again that did not succeed, and what was skipped because of it',
  request: StepOfRun,
  response: RunView,
  http: { method: 'POST', path: '/v1/runs/:run/steps/:step/retry' },
});
export const componentList = defineOperation({
  service,
  name: 'component.list',
  summary: 'Every component that is alive or was seen',
  request: Empty,
  response: Components,
  http: { method: 'GET', path: '/v1/components' },
});
