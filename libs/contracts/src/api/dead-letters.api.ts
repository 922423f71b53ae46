import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { JsonValue } from '../artifact.js';
import type { PortValue } from '../component-contract.js';
import type { ErrorBody } from '../wire/domain-error.js';
import { errorCodes, type ErrorCode } from '../wire/error-codes.js';
import { defineOperation } from '../wire/operation.js';
import { runStatuses, RunView, type RunStatus } from './orchestrator.api.js';
import { PageRequest } from './paging.js';
import { RunLogEntry } from './run-log.api.js';
import { StepRef } from './search.api.js';

export class DeadLetterQuery extends PageRequest {
  @IsOptional() @IsString() @MaxLength(63) pipeline?: string;
  @IsOptional() @IsString() @MaxLength(256) component?: string;
  /** Of the error. */
  @IsOptional() @IsIn(Object.keys(errorCodes)) code?: ErrorCode;
}

/** A step that failed for good: no attempt is left, or another one would not help. */
export class DeadLetter {
  @IsString() run: string;
  @IsString() step: string;
  @IsString() pipeline: string;
  @IsIn(runStatuses) runStatus: RunStatus;
  @IsString() component: string;
  /** How often it was tried. */
  @IsInt() attempts: number;
  @IsObject() error: ErrorBody;
  @IsOptional() @IsString() worker?: string;
  @IsOptional() @IsString() failedAt?: string;
}

/** Those of the newest run first. */
export class DeadLetters {
  @IsArray() @ValidateNested({ each: true }) @Type(() => DeadLetter) items: DeadLetter[];
  @IsOptional() @IsString() next?: string;
}

/** What it takes to see why. */
export class DeadLetterView extends DeadLetter {
  @IsString() componentVersion: string;
  /** As the worker got them; secrets by reference. Empty where they could not be put together. */
  @IsObject() params: Record<string, JsonValue>;
  @IsObject() inputs: Record<string, PortValue>;
  /** What was said of the step, oldest first: its last 200 lines. */
  @IsArray() @ValidateNested({ each: true }) @Type(() => RunLogEntry) log: RunLogEntry[];
}

const service = 'orchestrator';
export const deadLetterList = defineOperation({
  service,
  name: 'deadletter.list',
  summary: 'Steps that failed for good',
  request: DeadLetterQuery,
  response: DeadLetters,
  http: { method: 'GET', path: '/v1/dead-letters' },
});
export const deadLetterGet = defineOperation({
  service,
  name: 'deadletter.get',
  summary: 'A step that failed for good: its error, params, inputs and log',
  request: StepRef,
  response: DeadLetterView,
  http: { method: 'GET', path: '/v1/dead-letters/:run/:step' },
});
export const deadLetterRequeue = defineOperation({
  service,
  name: 'deadletter.requeue',
  summary: 'Give a step that failed for good to its component again; what was skipped because of it follows',
  request: StepRef,
  response: RunView,
  http: { method: 'POST', path: '/v1/dead-letters/:run/:step/requeue' },
});
