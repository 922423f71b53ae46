import type { JsonValue } from '@millrace/contracts';
import type { Path } from '@millrace/pipeline/definition';
import { inputOf, type DraftInput } from './source.js';

/**
 * A definition read with tolerance: only the parts that have the right shape, so that the checks of meaning can run
 * beside the check of shape and all mistakes are reported at once.
 */
export interface Draft {
  name?: string;
  params: Map<string, Record<string, unknown>>;
  /** Of all phases, by name. */
  steps: Map<string, DraftStep>;
  /** Steps whose name an earlier phase has, too. */
  twice: Path[];
  schedule?: DraftSchedule;
  triggers: DraftTrigger[];
}

export type DraftPhase = 'main' | 'onFailure' | 'finally';

export interface DraftStep {
  path: Path;
  phase: DraftPhase;
  component?: string;
  pipeline?: string;
  isApproval: boolean;
  inputs: DraftInput[];
  after: string[];
  params: { [name: string]: JsonValue };
  when?: string;
  foreach?: { items: unknown; as: string };
  until?: { condition?: string };
  timeoutMs?: number;
  stepTimeoutMs?: number;
  cache: unknown;
  /** What it says anything about. */
  fields: string[];
}

export interface DraftSchedule {
  cron?: string;
  timezone: string;
  params: { [name: string]: unknown };
}

export interface DraftTrigger {
  event?: string;
  when?: string;
  params: { [name: string]: unknown };
}

/** Where steps stand, in the order in which they run. */
export const phases = { steps: 'main', onFailure: 'onFailure', finally: 'finally' } as const satisfies Record<
  string,
  DraftPhase
>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const records = (value: unknown) =>
  Object.entries(recordOf(value)).flatMap(([name, item]) => (isRecord(item) ? [[name, item] as const] : []));

/** A field of a record, where it has the right type. */
const texts = <K extends string>(value: Record<string, unknown>, ...keys: K[]) =>
  Object.fromEntries(keys.flatMap((key) => (typeof value[key] === 'string' ? [[key, value[key]]] : []))) as {
    [key in K]?: string;
  };
const numbers = <K extends string>(value: Record<string, unknown>, ...keys: K[]) =>
  Object.fromEntries(keys.flatMap((key) => (typeof value[key] === 'number' ? [[key, value[key]]] : []))) as {
    [key in K]?: number;
  };

const draftForeach = (value: unknown): Pick<DraftStep, 'foreach'> => {
  if (!isRecord(value)) return {};
  const { items, as } = value;
  return { foreach: { items, as: typeof as === 'string' ? as : 'item' } };
};

const draftStep = (
  value: Record<string, unknown>,
  path: Path,
  phase: DraftPhase,
  isStep: (name: string) => boolean,
): DraftStep => {
  const each = draftForeach(value['foreach']);
  return {
    path,
    phase,
    ...texts(value, 'component', 'pipeline', 'when'),
    isApproval: value['approval'] !== undefined,
    inputs: Object.entries(recordOf(value['inputs'])).map(([port, source]) =>
      inputOf(port, source, each.foreach?.as, isStep),
    ),
    after: Array.isArray(value['after']) ? value['after'].map(String) : [],
    params: recordOf(value['params']) as DraftStep['params'],
    ...each,
    ...(isRecord(value['until']) ? { until: texts(value['until'], 'condition') } : {}),
    ...numbers(value, 'timeoutMs', 'stepTimeoutMs'),
    cache: value['cache'],
    fields: Object.keys(value),
  };
};

const draftSchedule = (value: unknown): Pick<Draft, 'schedule'> =>
  isRecord(value)
    ? {
        schedule: { timezone: 'UTC', ...texts(value, 'cron', 'timezone'), params: recordOf(value['params']) },
      }
    : {};

export const draftOf = (definition: unknown): Draft => {
  const value = recordOf(definition);
  const steps = new Map<string, DraftStep>();
  const isStep = (name: string) =>
    Object.keys(phases).some((field) => Object.hasOwn(recordOf(value[field]), name));
  const twice: Path[] = [];
  for (const [field, phase] of Object.entries(phases))
    for (const [name, step] of records(value[field]))
      if (steps.has(name)) twice.push([field, name]);
      else steps.set(name, draftStep(step, [field, name], phase, isStep));
  return {
    ...texts(value, 'name'),
    params: new Map(records(value['params'])),
    steps,
    twice,
    ...draftSchedule(value['schedule']),
    triggers: (Array.isArray(value['triggers']) ? value['triggers'] : []).map((trigger) => ({
      ...texts(recordOf(trigger), 'event', 'when'),
      params: recordOf(recordOf(trigger)['params']),
    })),
  };
};
