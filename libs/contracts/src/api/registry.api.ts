import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ArtifactRef } from '../artifact.js';
import type { ModelSignature } from '../manifests.js';
import { defineOperation } from '../wire/operation.js';
import { PageRequest } from './paging.js';

export const modelNamePattern = /^[a-z][a-z0-9-]{0,62}$/;

export class ModelName {
  @Matches(modelNamePattern) name: string;
}

const aNumber = {
  message: 'must be a whole number from 1; a version by its alias: GET /v1/models/:name/aliases/:alias',
};

/** Names a version by number or by alias; neither means the latest. */
export class VersionSelector extends ModelName {
  @IsOptional() @Type(() => Number) @IsInt(aNumber) @Min(1, aNumber) version?: number;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(64) alias?: string;
}

export class AliasSelector extends ModelName {
  @IsString() @IsNotEmpty() @MaxLength(64) alias: string;
}

export class RegisterVersion extends ModelName {
  @ValidateNested() @Type(() => ArtifactRef) model: ArtifactRef;
  @IsOptional() @ValidateNested() @Type(() => ArtifactRef) report?: ArtifactRef;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsNotEmpty({ each: true })
  @MaxLength(64, { each: true })
  aliases?: string[];
  /** Registering twice under one key yields one version. */
  @IsString() @IsNotEmpty() @MaxLength(256) idempotencyKey: string;
}

export class SetAlias extends ModelName {
  @IsString() @IsNotEmpty() @MaxLength(64) alias: string;
  @Type(() => Number) @IsInt() @Min(1) version: number;
}

export class ModelVersionView {
  @IsString() name: string;
  @IsInt() version: number;
  @ValidateNested() @Type(() => ArtifactRef) model: ArtifactRef;
  @IsOptional() @ValidateNested() @Type(() => ArtifactRef) report?: ArtifactRef;
  @IsArray() aliases: string[];
  @IsObject() signature: ModelSignature;
  @IsString() task: string;
  @IsObject() metrics: Record<string, number>;
  @IsObject() lineage: Record<string, unknown>;
  @IsString() createdAt: string;
}

export class ModelVersions {
  @IsArray() @ValidateNested({ each: true }) @Type(() => ModelVersionView) items: ModelVersionView[];
  @IsOptional() @IsString() next?: string;
}

const service = 'registry';
export const modelList = defineOperation({
  service,
  name: 'model.list',
  summary: 'The latest version of every model',
  request: PageRequest,
  response: ModelVersions,
  http: { method: 'GET', path: '/v1/models' },
});
export const modelGet = defineOperation({
  service,
  name: 'model.get',
  summary: 'All versions of a model, newest first',
  request: ModelName,
  response: ModelVersions,
  http: { method: 'GET', path: '/v1/models/:name' },
});
export const versionGet = defineOperation({
  service,
  name: 'version.get',
  summary: 'One version, by number, alias, or the latest',
  request: VersionSelector,
  response: ModelVersionView,
  http: { method: 'GET', path: '/v1/models/:name/versions/:version' },
});
export const versionRegister = defineOperation({
  service,
  name: 'version.register',
  summary: 'Register a model artifact as the next version, after replaying its golden rows',
  request: RegisterVersion,
  response: ModelVersionView,
  http: { method: 'POST', path: '/v1/models/:name/versions', status: 201 },
  timeoutMs: 30_000,
});
/** An alias may look like a number, so it has a path of its own. */
export const aliasGet = defineOperation({
  service,
  name: 'alias.get',
  summary: 'The version that an alias points at',
  request: AliasSelector,
  response: ModelVersionView,
  http: { method: 'GET', path: '/v1/models/:name/aliases/:alias' },
});
export const aliasSet = defineOperation({
  service,
  name: 'alias.set',
  summary: 'Point an alias at a version',
  request: SetAlias,
  response: ModelVersionView,
  http: { method: 'PUT', path: '/v1/models/:name/aliases/:alias' },
});
