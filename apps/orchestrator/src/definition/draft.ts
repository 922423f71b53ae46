import type { JsonValue } from '@millrace/contracts';

/**
 * A definition read with tolerance: only the parts that have the right shape, so that the checks of meaning can run
 * beside the check of shape and all mistakes are reported at once.
 */
export interface Draft {
  params: Map<string, Record<string, unknown>>;
  steps: Map<string, DraftStep>;
}

export interface DraftStep {
  component?: string;
  /** Input port → where it comes from; `from` is undefined where the text is no `step.port`. */
  inputs: { port: string; from?: { step: string; port: string } }[];
  after: string[];
  params: { [name: string]: JsonValue };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

const sourceOf = (text: unknown): { step: string; port: string } | undefined => {
  const [, step, port] = /^([a-z][a-z0-9-]*)\.([A-Za-z][A-Za-z0-9]*)$/.exec(String(text)) ?? [];
  return step !== undefined && port !== undefined ? { step, port } : undefined;
};

const draftStep = (value: Record<string, unknown>): DraftStep => ({
  ...(typeof value['component'] === 'string' ? { component: value['component'] } : {}),
  inputs: Object.entries(recordOf(value['inputs'])).map(([port, text]) => {
    const from = sourceOf(text);
    return from ? { port, from } : { port };
  }),
  after: Array.isArray(value['after']) ? value['after'].map(String) : [],
  params: recordOf(value['params']) as DraftStep['params'],
});

export const draftOf = (definition: unknown): Draft => {
  const { params, steps } = recordOf(definition);
  const records = (value: unknown) =>
    Object.entries(recordOf(value)).flatMap(([name, item]) =>
      isRecord(item) ? [[name, item] as const] : [],
    );
  return {
    params: new Map(records(params)),
    steps: new Map(records(steps).map(([name, step]) => [name, draftStep(step)])),
  };
};
