import type { EndpointView } from './api/deployment.api.js';
import type { TargetRole } from './api/endpoint-options.js';
import type { DatasetVersionView } from './api/ingestion.api.js';
import type { RunStatus, StepStatus } from './api/orchestrator.api.js';
import type { ModelVersionView } from './api/registry.api.js';
import type { ErrorBody } from './wire/domain-error.js';

/** What one inference replica counted since its last report; sketches as libs/ml serialises them, mergeable. */
export interface PredictionWindow {
  endpoint: string;
  model: string;
  version: number;
  replica: string;
  /** RFC 3339; [from, to) */
  from: string;
  to: string;
  requests: number;
  rows: number;
  errors: number;
  /** Serialised quantile sketch of milliseconds. */
  latency: unknown;
  /** Feature or output name → serialised sketch. */
  sketches: Record<string, unknown>;
  /** Of the endpoint, that answered. */
  revision?: number;
  /** Without: it answered callers. */
  role?: TargetRole;
  /** Of the errors, those that were not the caller's own. */
  faults?: number;
  /** Of a shadow: its answers beside those that callers got. */
  comparison?: ShadowComparison;
}

export interface ShadowComparison {
  /** Rows that both answered, and those with the same answer. */
  rows: number;
  agreed: number;
  /** Of two numbers, and the output where it was. */
  largestDifference?: number;
  largestDifferenceIn?: string;
  /** Copies that the shadow could not answer, and that it had no time for. */
  failed: number;
  skipped: number;
}

/** Which of an experiment's keys went to which version, on one replica; a key once per revision, or again after many others. */
export interface RecordedAssignments {
  endpoint: string;
  revision: number;
  replica: string;
  assignments: RecordedAssignment[];
  /** So many more there was no room for. */
  dropped: number;
}

export interface RecordedAssignment {
  key: string;
  model: string;
  version: number;
  /** RFC 3339; of the first request. */
  at: string;
}

/** CloudEvents `type` → `data`. The NATS subject is `<prefix>.event.<type>`. */
export interface EventMap {
  'orchestrator.run.changed': { run: string; pipeline: string; status: RunStatus; error?: ErrorBody };
  'orchestrator.step.changed': {
    run: string;
    step: string;
    component: string;
    status: StepStatus;
    attempt: number;
    metrics?: Record<string, number>;
    error?: ErrorBody;
    /** Of a step that runs another pipeline: the run that does it. */
    child?: string;
  };
  /** A tick that has no run, and none will follow. */
  'orchestrator.tick.missed': { pipeline: string; tick: string; error: ErrorBody };
  /** Messages for which a trigger started no run: too many in a short time, a loop, or wrong params. */
  'orchestrator.trigger.refused': {
    pipeline: string;
    trigger: string;
    /** How many since the last such event. */
    count: number;
    /** Id of the latest message, and why it was refused. */
    event: string;
    error: ErrorBody;
  };
  'ingestion.dataset.created': DatasetVersionView;
  'registry.version.created': ModelVersionView;
  'registry.alias.changed': { name: string; alias: string; version: number };
  'deployment.endpoint.changed': EndpointView;
  'deployment.endpoint.removed': { endpoint: string; revision: number };
  'inference.window.closed': PredictionWindow;
  'inference.assignments.recorded': RecordedAssignments;
}

export type EventType = keyof EventMap;
