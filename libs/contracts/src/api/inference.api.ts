import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { defineOperation } from '../wire/operation.js';
import { EndpointName, endpointNamePattern } from './deployment.api.js';
import { ModelStatisticsList } from './inference-statistics.js';
import { ServedModelConfig } from './model-config.js';
import { RepositoryIndex, RepositoryQuery } from './model-repository.js';
import { Empty } from './paging.js';

/** An endpoint is what the Open Inference Protocol calls a model; its version is the registry's version number. */
export class ServedModel extends EndpointName {
  /** Only this version; a version that the endpoint does not serve is `not_found`. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) version?: number;
}

/** All versions of all endpoints, of one endpoint, or one version. */
export class StatisticsQuery {
  @IsOptional() @Matches(endpointNamePattern) endpoint?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) version?: number;
}

/** Name, datatype and shape as the Open Inference Protocol says them; −1 = variable. */
export class TensorMetadata {
  @IsString() @IsNotEmpty() name: string;
  @IsString() datatype: string;
  @IsArray() @IsInt({ each: true }) shape: number[];
}

export class ServedModelMetadata {
  @Matches(endpointNamePattern) name: string;
  @IsArray() @IsString({ each: true }) versions: string[];
  @IsIn(['onnx_onnxv1']) platform: 'onnx_onnxv1';
  @IsArray() @ValidateNested({ each: true }) @Type(() => TensorMetadata) inputs: TensorMetadata[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => TensorMetadata) outputs: TensorMetadata[];
}

export class ServedModelReady {
  @Matches(endpointNamePattern) name: string;
  @IsBoolean() ready: boolean;
  /** Why not. */
  @IsOptional() @IsString() reason?: string;
}

export class InferenceServerMetadata {
  @IsString() name: string;
  @IsString() version: string;
  /** Open Inference Protocol extensions that predictions support. */
  @IsArray() @IsString({ each: true }) extensions: string[];
}

const service = 'inference';
/**
 * Predictions themselves are no operations: they are answered on the subjects `infer(endpoint)` and
 * `inferRows(endpoint)`, as bytes. These have no HTTP binding: the gateway maps the protocol's own paths to them.
 * An unknown endpoint is `not_found`, and the message begins `Request for unknown model`.
 */
export const modelMetadata = defineOperation({
  service,
  name: 'model.metadata',
  summary: 'Inputs and outputs of the model that an endpoint serves',
  request: ServedModel,
  response: ServedModelMetadata,
});
export const modelReady = defineOperation({
  service,
  name: 'model.ready',
  summary: 'Does the answering replica serve this endpoint now',
  request: ServedModel,
  response: ServedModelReady,
});
export const serverMetadata = defineOperation({
  service,
  name: 'server.metadata',
  summary: 'Name, version and protocol extensions of the inference server',
  request: Empty,
  response: InferenceServerMetadata,
});
export const modelStatistics = defineOperation({
  service,
  name: 'model.statistics',
  summary:
    'What the answering replica did with each served version since it started; sum with `sumStatistics`',
  request: StatisticsQuery,
  response: ModelStatisticsList,
  everyReplica: true,
});
export const modelConfig = defineOperation({
  service,
  name: 'model.config',
  summary: "The model that an endpoint serves, as Triton's ModelConfig says it",
  request: ServedModel,
  response: ServedModelConfig,
});
export const repositoryIndex = defineOperation({
  service,
  name: 'repository.index',
  summary: 'Every endpoint that the answering replica knows, ready or not; merge with `mergeIndexes`',
  request: RepositoryQuery,
  response: RepositoryIndex,
  everyReplica: true,
});
