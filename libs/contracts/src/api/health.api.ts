import { IsIn, IsObject, IsString } from 'class-validator';
import { defineOperation } from '../wire/operation.js';
import { Empty } from './paging.js';

export class HealthView {
  @IsString() service: string;
  @IsString() version: string;
  @IsIn(['ready', 'unready']) status: 'ready' | 'unready';
  /** Check name → `{ok, error?}`. */
  @IsObject() checks: Record<string, { ok: boolean; error?: string }>;
}

/** Every service answers `<service>.health.get`. */
export const healthGetOf = (service: string) =>
  defineOperation({
    service,
    name: 'health.get',
    summary: `Is ${service} ready, and if not, why`,
    request: Empty,
    response: HealthView,
  });
