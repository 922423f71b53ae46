import { Type } from 'class-transformer';
import {
  IsArray,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { ArtifactRef } from '../artifact.js';
import { defineOperation } from '../wire/operation.js';
import { PageRequest } from './paging.js';

export class ExperimentId {
  @IsString() @IsNotEmpty() @MaxLength(128) id: string;
}

/** The record of one fit. */
export class ExperimentView {
  @IsString() id: string;
  @IsString() run: string;
  @IsString() step: string;
  @IsString() estimator: string;
  @IsObject() params: Record<string, unknown>;
  @IsObject() metrics: Record<string, number>;
  /** One entry per iteration: `{iteration, loss, …}`. */
  @IsArray() curve: Record<string, number>[];
  /** Digest of each input artifact. */
  @IsObject() inputs: Record<string, string>;
  @IsOptional() @ValidateNested() @Type(() => ArtifactRef) model?: ArtifactRef;
  /** Milliseconds. */
  @IsOptional() durationMs?: number;
  @IsString() createdAt: string;
}

export class Experiments {
  @IsArray() @ValidateNested({ each: true }) @Type(() => ExperimentView) items: ExperimentView[];
  @IsOptional() @IsString() next?: string;
}

const service = 'training';
export const experimentList = defineOperation({
  service,
  name: 'experiment.list',
  summary: 'Experiments, newest first',
  request: PageRequest,
  response: Experiments,
  http: { method: 'GET', path: '/v1/experiments' },
});
export const experimentGet = defineOperation({
  service,
  name: 'experiment.get',
  summary: 'One experiment',
  request: ExperimentId,
  response: ExperimentView,
  http: { method: 'GET', path: '/v1/experiments/:id' },
});
