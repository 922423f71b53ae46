import { Type } from 'class-transformer';
import { IsArray, IsInt, IsOptional, IsString, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { defineOperation } from '../wire/operation.js';
import { EndpointName, EndpointView } from './deployment.api.js';
import { RolloutView } from './rollout-options.js';

export class RolloutRequest extends EndpointName {
  /** Only if this is still the endpoint's rollout: else `conflict`. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) rollout?: number;
}

export class RollbackRequest extends RolloutRequest {
  /** Kept with the rollout. */
  @IsOptional() @IsString() @MaxLength(500) reason?: string;
}

export class RolloutQuery extends EndpointName {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit?: number;
  @IsOptional() @IsString() @MaxLength(256) after?: string;
}

export class Rollouts {
  @IsArray() @ValidateNested({ each: true }) @Type(() => RolloutView) items: RolloutView[];
  @IsOptional() @IsString() next?: string;
}

const service = 'deployment';
export const endpointPromote = defineOperation({
  service,
  name: 'endpoint.promote',
  summary: 'Let the prepared, shadowing or canary version of an endpoint answer everything',
  request: RolloutRequest,
  response: EndpointView,
  http: { method: 'POST', path: '/v1/deployments/:endpoint/promote' },
});
/** Asking again changes nothing. */
export const endpointRollback = defineOperation({
  service,
  name: 'endpoint.rollback',
  summary: 'Go back to what answered before the last rollout of an endpoint, or end one that is under way',
  request: RollbackRequest,
  response: EndpointView,
  http: { method: 'POST', path: '/v1/deployments/:endpoint/rollback' },
});
export const rolloutList = defineOperation({
  service,
  name: 'rollout.list',
  summary: 'The rollouts of an endpoint, newest first',
  request: RolloutQuery,
  response: Rollouts,
  http: { method: 'GET', path: '/v1/deployments/:endpoint/rollouts' },
});
