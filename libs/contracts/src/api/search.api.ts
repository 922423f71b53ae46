import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { defineOperation } from '../wire/operation.js';
import { OneOrMore } from './one-or-more.js';
import {
  PipelineName,
  PipelineView,
  runStatuses,
  RunView,
  stepStatuses,
  StepView,
} from './orchestrator.api.js';
import { PageRequest } from './paging.js';
import { logLevels } from './run-log.api.js';

/** What all searches have in common. A page may hold fewer than `limit` and still have a `next`: each looks at so many. */
class Search extends PageRequest {
  /** Anywhere in the texts, in upper or lower case. */
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(200) text?: string;
  /** Of runs that were started at this moment or later (RFC 3339). */
  @IsOptional() @IsISO8601({ strict: true }) @MaxLength(40) since?: string;
  /** Of runs that were started before this moment. */
  @IsOptional() @IsISO8601({ strict: true }) @MaxLength(40) until?: string;
  @IsOptional() @IsString() @MaxLength(63) pipeline?: string;
}

export class RunSearch extends Search {
  /** One or more, with commas between them. */
  @IsOptional() @OneOrMore(runStatuses) status?: string;
}

export class StepSearch extends Search {
  @IsOptional() @IsString() @MaxLength(64) run?: string;
  @IsOptional() @IsString() @MaxLength(256) component?: string;
  /** One or more, with commas between them. */
  @IsOptional() @OneOrMore(stepStatuses) status?: string;
}

export class EventSearch extends Search {
  @IsOptional() @IsString() @MaxLength(64) run?: string;
  @IsOptional() @IsString() @MaxLength(256) step?: string;
  /** One or more, with commas between them. */
  @IsOptional() @OneOrMore(logLevels) level?: string;
}

/** Newest first, each without its steps. */
export class FoundRuns {
  @IsArray() @ValidateNested({ each: true }) @Type(() => RunView) items: RunView[];
  @IsOptional() @IsString() next?: string;
}

export class FoundStep extends StepView {
  @IsString() run: string;
  @IsString() pipeline: string;
}

/** Those of the newest run first, and of a run the last first. */
export class FoundSteps {
  @IsArray() @ValidateNested({ each: true }) @Type(() => FoundStep) items: FoundStep[];
  @IsOptional() @IsString() next?: string;
}

/** Something that happened to a run, or that a worker said. */
export class FoundEvent {
  @IsInt() id: number;
  @IsString() run: string;
  @IsOptional() @IsString() step?: string;
  @IsString() at: string;
  @IsString() level: string;
  @IsString() message: string;
}

/** Newest first. */
export class FoundEvents {
  @IsArray() @ValidateNested({ each: true }) @Type(() => FoundEvent) items: FoundEvent[];
  @IsOptional() @IsString() next?: string;
}

export class PipelineVersionsQuery extends PageRequest {
  @IsString() @IsNotEmpty() @MaxLength(63) name: string;
}

export class PipelineVersionRef extends PipelineName {
  @Type(() => Number) @IsInt() version: number;
}

/** Newest first. */
export class PipelineVersions {
  @IsArray() @ValidateNested({ each: true }) @Type(() => PipelineView) items: PipelineView[];
  @IsOptional() @IsString() next?: string;
}

export class StepRef {
  @IsString() @IsNotEmpty() @MaxLength(64) run: string;
  @IsString() @IsNotEmpty() @MaxLength(256) step: string;
}

export const cacheAnswers = ['hit', 'miss', 'not asked', 'unknown'] as const;

/** Something that was another way in the run before, so that its result did not count. */
export class CacheDifference {
  /** `version`, `params.<name>` or `inputs.<port>` */
  @IsString() what: string;
  /** As JSON, shortened. */
  @IsOptional() @IsString() now?: string;
  @IsOptional() @IsString() before?: string;
}

export class StepWhy {
  @IsString() run: string;
  @IsString() step: string;
  @IsIn(stepStatuses) status: StepView['status'];
  /** What the cache said. `unknown`: the step is not there yet, or its log is gone. */
  @IsIn(cacheAnswers) cache: (typeof cacheAnswers)[number];
  @IsString() reason: string;
  /** Of everything that the result depends on. */
  @IsOptional() @IsString() key?: string;
  /** The latest earlier run of the pipeline in which this step had a result, … */
  @IsOptional() @IsString() comparedWith?: string;
  /** … and what is different from then. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CacheDifference)
  differences?: CacheDifference[];
}

const service = 'orchestrator';
export const runSearch = defineOperation({
  service,
  name: 'run.search',
  summary: 'Runs by time, pipeline, state and text, newest first',
  request: RunSearch,
  response: FoundRuns,
  http: { method: 'GET', path: '/v1/search/runs' },
});
export const stepSearch = defineOperation({
  service,
  name: 'step.search',
  summary: 'Steps of all runs by time, pipeline, component, state and text, newest run first',
  request: StepSearch,
  response: FoundSteps,
  http: { method: 'GET', path: '/v1/search/steps' },
});
export const eventSearch = defineOperation({
  service,
  name: 'event.search',
  summary: 'What happened to runs and what workers said, newest first',
  request: EventSearch,
  response: FoundEvents,
  http: { method: 'GET', path: '/v1/search/events' },
});
export const pipelineVersions = defineOperation({
  service,
  name: 'pipeline.versions',
  summary: 'Every version of a pipeline, newest first',
  request: PipelineVersionsQuery,
  response: PipelineVersions,
  http: { method: 'GET', path: '/v1/pipelines/:name/versions' },
});
export const pipelineVersion = defineOperation({
  service,
  name: 'pipeline.version',
  summary: 'One version of a pipeline',
  request: PipelineVersionRef,
  response: PipelineView,
  http: { method: 'GET', path: '/v1/pipelines/:name/versions/:version' },
});
export const stepWhy = defineOperation({
  service,
  name: 'step.why',
  summary: 'Why a step came from the cache or did not, and what was different before',
  request: StepRef,
  response: StepWhy,
  http: { method: 'GET', path: '/v1/runs/:run/steps/:step/why' },
});
