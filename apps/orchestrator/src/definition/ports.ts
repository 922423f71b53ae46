import type { ArtifactType, ComponentDescriptor, PipelineDefinition, Port } from '@millrace/contracts';
import { draftOf, type DraftStep } from './draft.js';

export type FindComponent = (name: string) => ComponentDescriptor | undefined;
/** The latest version of a stored pipeline. */
export type FindPipeline = (name: string) => PipelineDefinition | undefined;

/** What definitions may name. */
export interface Known {
  component: FindComponent;
  /** Without, nothing is said about other pipelines. */
  pipeline?: FindPipeline;
}

export interface GivenPort {
  type: ArtifactType | 'value';
  schema?: Port['schema'];
  /** How many lists deep: 0 is one, 1 a list of them, as of a `foreach` or of a port that gives many. */
  lists: number;
}

export type Ports = ReadonlyMap<string, GivenPort>;

const approvalPorts: Ports = new Map(
  ['by', 'reason'].map((port) => [port, { type: 'value', schema: { type: 'string' }, lists: 0 }]),
);

const pipelines = new WeakMap<Known, Map<string, Ports | undefined>>();

const ofPipeline = (name: string, known: Known, within: readonly string[]): Ports | undefined => {
  const before = pipelines.get(known) ?? new Map<string, Ports | undefined>();
  pipelines.set(known, before);
  if (!before.has(name)) before.set(name, portsOfPipeline(name, known, within));
  return before.get(name);
};

const portsOfPipeline = (name: string, known: Known, within: readonly string[]): Ports | undefined => {
  const definition = within.includes(name) ? undefined : known.pipeline?.(name);
  if (!definition) return undefined;
  const ports = new Map<string, GivenPort>();
  for (const [step, draft] of draftOf(definition).steps) {
    if (draft.phase !== 'main') continue;
    const inner = portsOf(draft, known, [...within, name]);
    // A component that is away: nothing can be said about any port, rather than something wrong about one.
    if (!inner) return undefined;
    for (const [port, given] of inner) ports.set(`${step}__${port}`, given);
  }
  return ports;
};

const ofOne = (step: DraftStep, known: Known, within: readonly string[]): Ports | undefined => {
  if (step.isApproval) return approvalPorts;
  if (step.pipeline !== undefined) return ofPipeline(step.pipeline, known, within);
  const descriptor = step.component === undefined ? undefined : known.component(step.component);
  return (
    descriptor &&
    new Map(
      Object.entries(descriptor.outputs).map(([port, { type, schema, many }]) => [
        port,
        { type, lists: many ? 1 : 0, ...(schema ? { schema } : {}) },
      ]),
    )
  );
};

/** Of one instance, where there are several. */
export const ownPorts = (step: DraftStep, known: Known): Ports | undefined => ofOne(step, known, []);

/** What others can take from a step; undefined where that cannot be known. */
export const portsOf = (step: DraftStep, known: Known, within: readonly string[] = []): Ports | undefined => {
  const ports = ofOne(step, known, within);
  return step.foreach && ports
    ? new Map([...ports].map(([port, given]) => [port, { ...given, lists: given.lists + 1 }]))
    : ports;
};

/** `dataset`, `a list of dataset` */
export const describePort = ({ type, lists }: Pick<GivenPort, 'type' | 'lists'>): string =>
  lists === 0 ? type : `a list of ${'lists of '.repeat(lists - 1)}${type}`;

/** `transform.fit`, `pipeline daily`, `approval` */
export const describeStep = ({ component, pipeline, isApproval }: DraftStep): string =>
  component ?? (pipeline === undefined ? (isApproval ? 'approval' : 'unknown') : `pipeline ${pipeline}`);
