import type { Operation } from '../wire/operation.js';
import * as approvals from './approvals.api.js';
import * as deployment from './deployment.api.js';
import * as inference from './inference.api.js';
import * as ingestion from './ingestion.api.js';
import * as loading from './loading.api.js';
import * as monitoring from './monitoring.api.js';
import * as orchestrator from './orchestrator.api.js';
import * as registry from './registry.api.js';
import * as rollout from './rollout.api.js';
import * as runLog from './run-log.api.js';
import * as runOperations from './run-operations.api.js';
import * as schedules from './schedules.api.js';
import * as task from './task.api.js';
import * as training from './training.api.js';
import * as validation from './validation.api.js';

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'service' in value && 'request' in value;

/** Every operation, for whatever is generated from them: REST routes, OpenAPI, AsyncAPI. */
export const operations: readonly Operation[] = [
  orchestrator,
  approvals,
  runLog,
  runOperations,
  task,
  schedules,
  ingestion,
  validation,
  training,
  registry,
  deployment,
  loading,
  rollout,
  inference,
  monitoring,
]
  .flatMap((api) => Object.values(api))
  .filter(isOperation);
