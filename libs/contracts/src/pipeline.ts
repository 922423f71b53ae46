import type { JsonValue } from './artifact.js';
import type { ErrorCode } from './wire/error-codes.js';

/**
 * A pipeline as written (YAML) or built. `${{ … }}` in params takes CEL over `params`, `steps.<step>.outputs.<port>`
 * and `steps.<step>.status`, and `secrets.<name>`; docs/pipelines.md has an example of every statement.
 */
export interface PipelineDefinition {
  name: string;
  description?: string;
  params?: { [name: string]: ParamDefinition };
  /** Runs of this pipeline at once; more stay `pending`, oldest first. Without: no limit. */
  concurrency?: number;
  /** 0…9, 9 first; of all its tasks where a limit binds. Default 5. */
  priority?: number;
  schedule?: ScheduleDefinition;
  triggers?: TriggerDefinition[];
  steps: Steps;
  /** Steps that run when the run failed. */
  onFailure?: Steps;
  /** Steps that run at the end, however it ended. */
  finally?: Steps;
}

export interface ParamDefinition {
  type: 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';
  default?: JsonValue;
  description?: string;
}

export interface Steps {
  [name: string]: StepDefinition;
}

export interface ParamValues {
  [name: string]: JsonValue;
}

/** A step is exactly one of a task (`component`), a run of another pipeline (`pipeline`) and an `approval`. */
export interface StepDefinition {
  /** Component name, e.g. `transform.fit`. */
  component?: string;
  /** Another pipeline, run with this step's params; its outputs are its steps' outputs as `step__port`. */
  pipeline?: string;
  approval?: ApprovalDefinition;
  /**
   * Input port → where it comes from: `step.port`; of a list, one of it (`step.port[0]`, in a `foreach` `step.port[index]`); in a
   * `foreach`, the item (`item`, under the name that `as` gives it) or a field of it (`item.data`). A port that takes many
   * takes a list, or several of these.
   */
  inputs?: { [port: string]: string | string[] };
  params?: ParamValues;
  /** Steps that must have succeeded first, without passing data. */
  after?: string[];
  /** CEL; false → the step is skipped. */
  when?: string;
  foreach?: ForeachDefinition;
  until?: UntilDefinition;
  retry?: RetryDefinition;
  /** Of one attempt. */
  timeoutMs?: number;
  /** Of all attempts, with the waits between them. */
  stepTimeoutMs?: number;
  cache?: CacheDefinition;
  /** 0…9, 9 first. Default: the pipeline's. */
  priority?: number;
}

/** Instances `fit[0]`, `fit[1]`, …; the step's outputs are lists of theirs, in order. */
export interface ForeachDefinition {
  /** A list, or one `${{ … }}` that gives a list. */
  items: JsonValue[] | string;
  /** What an item is called in `${{ … }}`, beside `index`. Default `item`. */
  as?: string;
  /** Instances at once. Without: all. */
  concurrency?: number;
}

/** Again and again, as `fit#1`, `fit#2`, …; `${{ previous.<port> }}` is what the iteration before gave, null at first. */
export interface UntilDefinition {
  /** CEL over `outputs` of the iteration just ended, and `index`. */
  condition: string;
  /** Most iterations, 1…1000. */
  max: number;
}

export interface RetryDefinition {
  attempts: number;
  /** Before the second attempt. Default 1000. */
  backoffMs?: number;
  /** What the wait grows by. Default 2. */
  factor?: number;
  /** Default 100,000. */
  maxBackoffMs?: number;
  /** Between half and all of the wait. Default true. */
  jitter?: boolean;
  /** Only after these; an error that says that it's not worth it ends the step all the same. Default: any. */
  on?: ErrorCode[];
}

/** On, off, run anyway and keep the result, or only results so young. */
export type CacheDefinition = boolean | 'refresh' | { ttlMs: number };

export interface ApprovalDefinition {
  /** Who may decide; without, anybody. */
  by?: string[];
  /** Refused after so long. Default 7 days. */
  withinMs?: number;
  message?: string;
}

export const catchUpPolicies = ['none', 'latest', 'all'] as const;
export type CatchUpPolicy = (typeof catchUpPolicies)[number];

export interface ScheduleDefinition {
  /** Five fields, or six with seconds first. */
  cron: string;
  /** IANA name. Default UTC. */
  timezone?: string;
  /** What becomes of ticks while nobody was there. Default `latest`. */
  catchUp?: CatchUpPolicy;
  params?: ParamValues;
}

/** Exactly one of `event` (a Millrace event's type) and `subject` (of NATS; JSON messages). */
export interface TriggerDefinition {
  /** e.g. `ingestion.dataset.created`. */
  event?: string;
  /** e.g. `plant.alarm`. */
  subject?: string;
  /** CEL over `event`: the CloudEvent, or the message. */
  when?: string;
  /** `${{ event… }}` for values of the event. */
  params?: ParamValues;
}
