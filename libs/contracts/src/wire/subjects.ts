/** Default subject prefix; a setting (`SUBJECT_PREFIX`), so that several Millraces share one NATS. */
export const defaultPrefix = 'millrace.v1';

/** JetStream streams. Names carry the prefix too: see `streamName`. */
export const streams = {
  /** Work queue of tasks, one subject per component. */
  work: 'WORK',
  /** Work queue of completions, back to the orchestrator. */
  done: 'DONE',
  /** CloudEvents of all services. */
  events: 'EVENTS',
} as const;

/** `millrace.v1` + `WORK` → `MILLRACE_WORK`; any other prefix gets its own streams, e.g. `TEST_A_WORK`. */
export const streamName = (prefix: string, stream: string): string =>
  prefix === defaultPrefix
    ? `MILLRACE_${stream}`
    : `${prefix.replaceAll(/[^A-Za-z0-9]+/g, '_').toUpperCase()}_${stream}`;

/** Every subject that Millrace uses, made from one prefix. */
export const subjectsOf = (prefix: string = defaultPrefix) => ({
  prefix,
  /** Request-reply of one operation, e.g. `millrace.v1.registry.model.get`. */
  operation: (service: string, name: string) => `${prefix}.${service}.${name}`,
  /** Prediction, Open Inference Protocol body. */
  infer: (endpoint: string) => `${prefix}.infer.${endpoint}`,
  /** Prediction, plain records. */
  inferRows: (endpoint: string) => `${prefix}.infer.${endpoint}.rows`,
  work: (component: string) => `${prefix}.work.${component}`,
  done: () => `${prefix}.done`,
  event: (type: string) => `${prefix}.event.${type}`,
  progress: (run: string, step: string) => `${prefix}.progress.${run}.${step}`,
  progressOfRun: (run: string) => `${prefix}.progress.${run}.>`,
  /** Core NATS: `{run}`: its log has more lines. Lossy: `run.log` has them. */
  log: (run: string) => `${prefix}.log.${run}`,
  /** Request-reply: whoever works under this probe (`Progress`) is alive. Any reply will do. */
  probe: (probe: string) => `${prefix}.probe.${probe}`,
  /** Core NATS: `{run, step, token}`; the worker that holds that task stops it. */
  cancel: () => `${prefix}.cancel`,
  /** Core NATS: a worker announces its component descriptors when it starts. */
  announce: () => `${prefix}.announce`,
});

export type Subjects = ReturnType<typeof subjectsOf>;
