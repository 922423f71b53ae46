import { IsInt, IsNotEmpty, IsOptional, IsString, Matches, MaxLength, Min } from 'class-validator';

export const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** What a port may carry by reference. `value` ports carry plain JSON instead. */
export const artifactTypes = ['dataset', 'transform', 'model', 'report', 'file'] as const;
export type ArtifactType = (typeof artifactTypes)[number];

/** A reference to immutable, content-addressed bytes. */
export class ArtifactRef {
  /** @see artifactTypes */
  @IsString() @IsNotEmpty() @MaxLength(64) type: ArtifactType;
  /** `sha256:<64 hex digits>` of the bytes. */
  @Matches(digestPattern) digest: string;
  /** Bytes. */
  @IsInt() @Min(0) size: number;
  @IsOptional() @IsString() @MaxLength(128) mediaType?: string;
}

export const isArtifactRef = (value: unknown): value is ArtifactRef =>
  typeof value === 'object' &&
  value !== null &&
  digestPattern.test(String((value as ArtifactRef).digest)) &&
  typeof (value as ArtifactRef).type === 'string';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
