import { Type } from 'class-transformer';
import {
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { defineOperation } from '../wire/operation.js';
import { endpointNamePattern } from './deployment.api.js';

export class WindowQuery {
  @Matches(endpointNamePattern) endpoint: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit?: number;
}

/** What was predicted in one span of time by one version. */
export class WindowView {
  @IsString() endpoint: string;
  @IsInt() version: number;
  /** RFC 3339; [from, to) */
  @IsString() from: string;
  @IsString() to: string;
  @IsInt() requests: number;
  @IsInt() rows: number;
  @IsInt() errors: number;
  /** `{count, p50, p99, max}` in milliseconds. */
  @IsObject() latency: Record<string, number>;
  /** Feature or output name → summary of its sketch. */
  @IsObject() features: Record<string, Record<string, unknown>>;
}

export class Windows {
  @IsArray() @ValidateNested({ each: true }) @Type(() => WindowView) items: WindowView[];
}

export const windowList = defineOperation({
  service: 'monitoring',
  name: 'window.list',
  summary: 'Prediction windows of an endpoint, newest first',
  request: WindowQuery,
  response: Windows,
  http: { method: 'GET', path: '/v1/monitoring/:endpoint/windows' },
});
