import type { LogReport } from './api/run-log.api.js';
import type { ArtifactRef, ArtifactType, JsonValue } from './artifact.js';
import type { ErrorBody } from './wire/domain-error.js';

/** JSON Schema (draft 2020-12 subset that Ajv checks). */
export type JsonSchema = { [key: string]: JsonValue };

export interface Port {
  /** An artifact type, or `value` for plain JSON described by `schema`. */
  type: ArtifactType | 'value';
  schema?: JsonSchema;
  /** A list of artifacts instead of one. Not of `value` ports: a list of values is a value, as its schema can say. */
  many?: boolean;
  optional?: boolean;
  description?: string;
}

/** What a component says of itself, through discovery. */
export interface ComponentDescriptor {
  /** `<service>.<verb>`, e.g. `transform.fit`; also the last tokens of its work subject. */
  name: string;
  /** SemVer. Part of the cache key: change it when the same input would give another output. */
  version: string;
  description: string;
  inputs: { [port: string]: Port };
  outputs: { [port: string]: Port };
  /** JSON Schema of an object, with defaults. */
  params: JsonSchema;
  /** Same inputs and params give the same outputs, and nothing else happens: so its result may come from the cache. */
  deterministic: boolean;
  /** Default limit of one attempt, in milliseconds. */
  timeoutMs: number;
}

/** A reference, or a list of them at a port with `many`; plain JSON at one of type `value`. */
export type PortValue = ArtifactRef | ArtifactRef[] | JsonValue;

/** One attempt at one step: the message on `<prefix>.work.<component>`. */
export interface Task {
  run: string;
  step: string;
  component: string;
  attempt: number;
  /** Fencing token: grows with every issue of this step; a completion under an older one is ignored. */
  token: number;
  /** `<run>/<step>`: effects outside of artifacts are keyed by it, so that doing a step twice has one effect. */
  idempotencyKey: string;
  params: { [name: string]: JsonValue };
  inputs: { [port: string]: PortValue };
  /**
   * Epoch milliseconds, by the clock of the orchestrator, which ends the attempt then, however long it waited for a worker.
   * Workers go by it only where there is no `timeoutMs`: their clocks may be others.
   */
  deadline: number;
  /** How long the work itself may take, from the moment when a worker takes it up, in milliseconds. */
  timeoutMs?: number;
  traceparent?: string;
}

/** The end of one attempt: the message on `<prefix>.done`. */
export interface Completion {
  run: string;
  step: string;
  attempt: number;
  token: number;
  /** Which replica did it. */
  worker: string;
  result:
    | { status: 'succeeded'; outputs: { [port: string]: PortValue }; metrics?: { [name: string]: number } }
    | { status: 'failed'; error: ErrorBody };
  /** Log lines that `log.append` has not answered for, perhaps in vain: they are kept once. */
  log?: LogReport;
  /** Epoch milliseconds. */
  startedAt: number;
  finishedAt: number;
  /**
   * The task was not done, and `result` says `cancelled`: it had been delivered before (this is how often), so whoever had
   * it then has vanished with it, or stands still. The orchestrator finds out which, and issues it anew.
   */
  redelivered?: number;
}

/** Lossy on purpose, on `<prefix>.progress.<run>.<step>`; also the heartbeat that extends the lease. */
export interface Progress {
  run: string;
  step: string;
  token: number;
  worker: string;
  /**
   * `[A-Za-z0-9_-]{1,64}`: the worker's process answers on `<prefix>.probe.<probe>` as long as it lives. So one that is gone
   * is told from one that is only silent.
   */
  probe?: string;
  /** 0…1 where it is known. */
  fraction?: number;
  message?: string;
  metrics?: { [name: string]: number };
  /** With `n`, it is for who watches now: it is kept through `log.append`. Without, it is kept if it is heard. */
  log?: { level: 'info' | 'warn' | 'error'; message: string; n?: number };
  /** Epoch milliseconds. */
  at: number;
}

/** How often a worker heartbeats, and how long the orchestrator waits for one before it issues the step again. */
export const heartbeatMs = 2_000;
export const leaseMs = 15_000;

/** On `<prefix>.announce`. */
export interface Announcement {
  service: string;
  descriptors: ComponentDescriptor[];
}

/** ADR-32 INFO metadata: key of a component's descriptor (its JSON) is this plus the component's name. */
export const componentMetadataPrefix = 'millrace.component.';
