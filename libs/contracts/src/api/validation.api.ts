import { IsArray, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { digestPattern } from '../artifact.js';
import { defineOperation } from '../wire/operation.js';

export class ProfileRequest {
  /** Digest of a dataset artifact. */
  @Matches(digestPattern) dataset: string;
}

/** Profile and inferred schema of one column. */
export interface ColumnProfile {
  name: string;
  type: string;
  count: number;
  missing: number;
  distinct: number;
  min?: number | string;
  max?: number | string;
  mean?: number;
  std?: number;
  quantiles?: { [q: string]: number };
  top?: { value: string; count: number }[];
}

export class ProfileView {
  @IsString() @IsNotEmpty() dataset: string;
  @IsArray() columns: ColumnProfile[];
  /** The schema that the data itself suggests, as expectations that hold of every row. */
  @IsOptional() @IsArray() expectations?: Record<string, unknown>[];
  @IsOptional() @IsString() @MaxLength(64) createdAt?: string;
}

export const profileGet = defineOperation({
  service: 'validation',
  name: 'profile.get',
  summary: 'The profile of a dataset artifact that was checked',
  request: ProfileRequest,
  response: ProfileView,
  http: { method: 'GET', path: '/v1/profiles/:dataset' },
});
