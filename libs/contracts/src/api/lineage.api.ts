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
import { digestPattern, type JsonValue } from '../artifact.js';
import type { PortValue } from '../component-contract.js';
import { defineOperation } from '../wire/operation.js';
import { PageRequest } from './paging.js';

export const lineageDirections = ['up', 'down', 'both'] as const;
export type LineageDirection = (typeof lineageDirections)[number];

export class LineageQuery {
  @Matches(digestPattern, { message: 'must be sha256: and 64 hex digits' }) digest: string;
  /** `up`: what it was made of; `down`: what it went into. Default `both`. */
  @IsOptional() @IsIn(lineageDirections) direction?: LineageDirection;
  /** How many steps away from the artifact; default 20. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100) depth?: number;
}

export class RunLineageQuery extends PageRequest {
  @IsString() @IsNotEmpty() @MaxLength(64) run: string;
}

/** What a step made of what, and by which code. Kept when its run is pruned. */
export class LineageStep {
  @IsString() run: string;
  @IsString() step: string;
  @IsString() pipeline: string;
  @IsInt() pipelineVersion: number;
  /** The run that began this one, for one of its steps. */
  @IsOptional() @IsString() parent?: string;
  /** Of a step that runs another pipeline: the run that did it, whose steps say more. */
  @IsOptional() @IsString() child?: string;
  @IsString() component: string;
  /** SemVer of the component: which code it was. */
  @IsString() componentVersion: string;
  /** `cached`: the result is that of another step, which is in the lineage too. */
  @IsIn(['succeeded', 'cached']) status: 'succeeded' | 'cached';
  @IsObject() params: Record<string, JsonValue>;
  /** Port → artifact or value. Values of more than 1,000 characters are shortened to `{truncated}`. */
  @IsObject() inputs: Record<string, PortValue>;
  @IsObject() outputs: Record<string, PortValue>;
  @IsString() at: string;
}

export class LineageArtifact {
  @IsString() digest: string;
  @IsString() type: string;
}

/** A graph: steps are joined by the digests at their inputs and outputs. */
export class Lineage {
  @IsArray() @ValidateNested({ each: true }) @Type(() => LineageArtifact) artifacts: LineageArtifact[];
  /** Oldest first; of a run page by page, oldest first within each. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => LineageStep) steps: LineageStep[];
  /** There is more than was followed, or than is in this answer. */
  @IsBoolean() truncated: boolean;
  /** Of a run: its other steps come after this. */
  @IsOptional() @IsString() next?: string;
}

const service = 'orchestrator';
export const lineageGet = defineOperation({
  service,
  name: 'lineage.get',
  summary: 'Where an artifact came from and what it went into: runs, steps, component versions, data',
  request: LineageQuery,
  response: Lineage,
  http: { method: 'GET', path: '/v1/lineage/:digest' },
});
export const lineageOfRun = defineOperation({
  service,
  name: 'lineage.run',
  summary: 'What every step of a run made of what, also when the run is pruned',
  request: RunLineageQuery,
  response: Lineage,
  http: { method: 'GET', path: '/v1/runs/:run/lineage' },
});
