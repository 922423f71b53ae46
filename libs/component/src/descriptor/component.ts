import type { ArtifactStore } from '@millrace/artifacts';
import type { ArtifactRef, ComponentDescriptor, PortValue, Task } from '@millrace/contracts';
import type { Logger } from '@millrace/observability';
import { Injectable, type Type } from '@nestjs/common';
import { checkDescriptor } from './check-descriptor.js';

/** What a component gives back: a value for each of its output ports, and numbers worth showing. */
export interface ComponentResult {
  outputs: { [port: string]: PortValue };
  metrics?: { [name: string]: number };
}

export type LogLevel = 'info' | 'warn' | 'error';

/** All that a component may know and do while it works on one task. */
export interface TaskContext<P = Record<string, unknown>> {
  readonly task: Task;
  /** Checked against the descriptor's schema, defaults filled in. */
  readonly params: P;
  readonly inputs: { [port: string]: PortValue };
  /** The artifact at an input port. @throws DomainError `invalid_request` where there is none */
  input(port: string): ArtifactRef;
  /** The artifacts at an input port with `many`, in order; none where an optional one is not connected. */
  inputList(port: string): readonly ArtifactRef[];
  readonly artifacts: ArtifactStore;
  /**
   * Aborted on cancellation, at the deadline and when the service stops. Whoever works for long must heed it: a second
   * later the task is ended without its worker.
   */
  readonly signal: AbortSignal;
  /** As often as you like: at most ten a second are sent, and the last always is. @param fraction 0…1 where it is known */
  progress(fraction: number | undefined, more?: { message?: string; metrics?: Record<string, number> }): void;
  /** A line of the run's log, for who looks at the run. */
  log(level: LogLevel, message: string): void;
  /** The service's own log. */
  readonly logger: Logger;
}

/**
 * A step's work. Throw a DomainError to say what went wrong and whether to try again; anything else thrown becomes
 * `internal`, which is retried.
 */
export interface PipelineComponent<P = Record<string, unknown>> {
  run(context: TaskContext<P>): Promise<ComponentResult>;
}

const descriptorKey = Symbol('millrace.component');

/**
 * Makes an injectable class a pipeline component.
 * @throws Error at once when the descriptor is wrong
 */
export const Component =
  (descriptor: ComponentDescriptor) =>
  <C extends Type<PipelineComponent<never>>>(target: C): void => {
    checkDescriptor(descriptor);
    Reflect.defineMetadata(descriptorKey, descriptor, target);
    Injectable()(target);
  };

/** @throws Error when the class isn't decorated */
export const descriptorOf = (target: Type<PipelineComponent<never>>): ComponentDescriptor => {
  const descriptor = Reflect.getMetadata(descriptorKey, target) as ComponentDescriptor | undefined;
  if (!descriptor) throw new Error(`${target.name} is not decorated with @Component`);
  return descriptor;
};
