import { Type } from 'class-transformer';
import {
  IsArray,
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
import { ArtifactRef } from '../artifact.js';
import type { ColumnSchema } from '../manifests.js';
import { defineOperation } from '../wire/operation.js';
import { PageRequest } from './paging.js';

export class DatasetName {
  @IsString() @IsNotEmpty() @MaxLength(128) name: string;
}

export class DatasetVersionView {
  @IsString() name: string;
  /** 1, 2, 3, … */
  @IsInt() version: number;
  @ValidateNested() @Type(() => ArtifactRef) artifact: ArtifactRef;
  @IsInt() rows: number;
  @IsArray() columns: ColumnSchema[];
  /** Where it came from. */
  @IsObject() source: Record<string, unknown>;
  /** RFC 3339 */
  @IsString() createdAt: string;
}

export class DatasetVersions {
  @IsArray() @ValidateNested({ each: true }) @Type(() => DatasetVersionView) items: DatasetVersionView[];
  @IsOptional() @IsString() next?: string;
}

export class PreviewRequest extends DatasetName {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) version?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit?: number;
}

export class DatasetPreview {
  @IsArray() columns: ColumnSchema[];
  @IsArray() rows: Record<string, unknown>[];
}

const service = 'ingestion';
export const datasetList = defineOperation({
  service,
  name: 'dataset.list',
  summary: 'The latest version of every dataset',
  request: PageRequest,
  response: DatasetVersions,
  http: { method: 'GET', path: '/v1/datasets' },
});
export const datasetGet = defineOperation({
  service,
  name: 'dataset.get',
  summary: 'All versions of a dataset, newest first',
  request: DatasetName,
  response: DatasetVersions,
  http: { method: 'GET', path: '/v1/datasets/:name' },
});
export const datasetPreview = defineOperation({
  service,
  name: 'dataset.preview',
  summary: 'The first rows of a dataset version',
  request: PreviewRequest,
  response: DatasetPreview,
  http: { method: 'GET', path: '/v1/datasets/:name/preview' },
});
