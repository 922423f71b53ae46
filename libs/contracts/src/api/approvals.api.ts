import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { defineOperation } from '../wire/operation.js';
import { RunView, StepOfRun } from './orchestrator.api.js';
import { PageRequest } from './paging.js';

export class ListApprovals extends PageRequest {}

/** A step that waits for somebody to decide on it. */
export class ApprovalView {
  @IsString() run: string;
  @IsString() step: string;
  @IsString() pipeline: string;
  @IsOptional() @IsString() message?: string;
  /** Who may decide; without, anybody. */
  @IsOptional() @IsArray() by?: string[];
  @IsString() askedAt: string;
  /** Refused after this moment. */
  @IsString() until: string;
}

export class Approvals {
  @IsArray() @ValidateNested({ each: true }) @Type(() => ApprovalView) items: ApprovalView[];
  @IsOptional() @IsString() next?: string;
}

export class DecideApproval extends StepOfRun {
  @IsBoolean() approved: boolean;
  /** Who decides. */
  @IsString() @IsNotEmpty() @MaxLength(256) by: string;
  @IsOptional() @IsString() @MaxLength(2000) reason?: string;
}

const service = 'orchestrator';
export const approvalList = defineOperation({
  service,
  name: 'approval.list',
  summary: 'Steps that wait for somebody to decide, oldest run first',
  request: ListApprovals,
  response: Approvals,
  http: { method: 'GET', path: '/v1/approvals' },
});
export const approvalDecide = defineOperation({
  service,
  name: 'approval.decide',
  summary: 'Approve or refuse a step that waits for it',
  request: DecideApproval,
  response: RunView,
  http: { method: 'POST', path: '/v1/runs/:run/steps/:step/decide' },
});
