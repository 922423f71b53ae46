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
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { ArtifactRef } from '../artifact.js';
import { graphLimits, type InferenceGraph } from '../inference-graph.js';
import { defineOperation } from '../wire/operation.js';
import { ExecutionOptions, RoutingOptions, targetRoles, type TargetRole } from './endpoint-options.js';
import { Empty } from './paging.js';
import { CanaryOptions, rolloutStrategies, RolloutView, type RolloutStrategy } from './rollout-options.js';

export const endpointNamePattern = /^[a-z][a-z0-9-]{0,62}$/;

export class EndpointName {
  @Matches(endpointNamePattern) endpoint: string;
}

/** One model version behind an endpoint, with its share of the traffic in percent. */
export class Target {
  @IsString() @IsNotEmpty() model: string;
  @IsInt() @Min(1) version: number;
  @ValidateNested() @Type(() => ArtifactRef) artifact: ArtifactRef;
  @IsInt() @Min(0) weight: number;
  /** Without: `live`. */
  @IsOptional() @IsIn(targetRoles) role?: TargetRole;
}

/** What one inference replica says about one endpoint. */
export class ReplicaState {
  @IsString() @IsNotEmpty() @MaxLength(128) replica: string;
  @IsInt() @Min(0) revision: number;
  @IsIn(['ready', 'failed']) state: 'ready' | 'failed';
  @IsOptional() @IsString() @MaxLength(2000) error?: string;
  /** Of the error: an error code. */
  @IsOptional() @IsString() @MaxLength(64) code?: string;
  @IsOptional() @IsString() at?: string;
}

export class EndpointView extends EndpointName {
  /** Grows with every change; a replica serves exactly one revision. */
  @IsInt() revision: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => Target) targets: Target[];
  @IsArray() @ValidateNested({ each: true }) @Type(() => ReplicaState) replicas: ReplicaState[];
  /** `ready` when at least one replica serves this revision and none failed it. */
  @IsIn(['pending', 'ready', 'failed']) status: 'pending' | 'ready' | 'failed';
  @IsString() updatedAt: string;
  /** No replica has it in memory, until it is loaded or deployed again. */
  @IsOptional() @IsBoolean() unloaded?: boolean;
  @IsOptional() @ValidateNested() @Type(() => ExecutionOptions) execution?: ExecutionOptions;
  @IsOptional() @ValidateNested() @Type(() => RoutingOptions) routing?: RoutingOptions;
  /** How the version that answers now, or is to, takes its place. */
  @IsOptional() @ValidateNested() @Type(() => RolloutView) rollout?: RolloutView;
}

export class Endpoints {
  @IsArray() @ValidateNested({ each: true }) @Type(() => EndpointView) items: EndpointView[];
}

const isOfModel = ({ graph }: DeployRequest): boolean => graph === undefined;
const isText = ({ graph }: DeployRequest): boolean => graph !== undefined && typeof graph !== 'object';

export class DeployRequest extends EndpointName {
  /** A registered model with its version, or … */
  @ValidateIf(isOfModel) @IsString() @IsNotEmpty() @MaxLength(63) model?: string;
  @ValidateIf(isOfModel) @Type(() => Number) @IsInt() @Min(1) version?: number;
  /** … an inference graph: YAML or JSON as text, or an object. */
  @ValidateIf(isText) @IsString() @MaxLength(graphLimits.text) graph?: string | InferenceGraph;
  /** Deploying twice under one key makes one revision. */
  @IsOptional() @IsString() @MaxLength(256) idempotencyKey?: string;
  /** Default `rolling`. */
  @IsOptional() @IsIn(rolloutStrategies) strategy?: RolloutStrategy;
  /** For the strategy `canary`, which needs it. */
  @IsOptional() @ValidateNested() @Type(() => CanaryOptions) canary?: CanaryOptions;
  /** Replaces what the endpoint has; without, that stays. */
  @IsOptional() @ValidateNested() @Type(() => RoutingOptions) routing?: RoutingOptions;
  /** Likewise. */
  @IsOptional() @ValidateNested() @Type(() => ExecutionOptions) execution?: ExecutionOptions;
}

export class ReplicaReport extends ReplicaState {
  @Matches(endpointNamePattern) endpoint: string;
}

const service = 'deployment';
export const endpointList = defineOperation({
  service,
  name: 'endpoint.list',
  summary: 'Every endpoint and what serves it',
  request: Empty,
  response: Endpoints,
  http: { method: 'GET', path: '/v1/deployments' },
});
export const endpointGet = defineOperation({
  service,
  name: 'endpoint.get',
  summary: 'One endpoint',
  request: EndpointName,
  response: EndpointView,
  http: { method: 'GET', path: '/v1/deployments/:endpoint' },
});
export const endpointDeploy = defineOperation({
  service,
  name: 'endpoint.deploy',
  summary: 'Serve a model version, or an inference graph, under an endpoint',
  request: DeployRequest,
  response: EndpointView,
  http: { method: 'PUT', path: '/v1/deployments/:endpoint' },
});
export const endpointRemove = defineOperation({
  service,
  name: 'endpoint.remove',
  summary: 'Stop serving an endpoint',
  request: EndpointName,
  response: EndpointView,
  http: { method: 'DELETE', path: '/v1/deployments/:endpoint' },
});
/** Inference replicas report what they serve. */
export const replicaReport = defineOperation({
  service,
  name: 'replica.report',
  summary: 'An inference replica reports the revision that it serves or failed to load',
  request: ReplicaReport,
  response: Empty,
});
