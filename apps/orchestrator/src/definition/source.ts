/** Where an input comes from, as it is written. */
export type Source =
  /** `step.port`; with `at` one of a list: `step.port[2]`, or in a `foreach` the one at its `index`. */
  | { kind: 'output'; step: string; port: string; at?: number | 'index' }
  /** The item of a `foreach`, or a field of it. */
  | { kind: 'item'; field?: string }
  | { kind: 'unreadable'; text: string };

export interface DraftInput {
  port: string;
  sources: Source[];
  /** Written as a list, of as many as there are. */
  isList: boolean;
}

const form = /^([a-z][A-Za-z0-9_-]*)(?:\.([A-Za-z][A-Za-z0-9_-]*)(?:\[(index|[0-9]{1,5})\])?)?$/;

/** Is it written like one? */
export const isSource = (text: string): boolean => form.test(text);

/** @param item the name of the step's item, which a step of the same name hides where a port follows it */
const sourceOf = (text: unknown, item: string | undefined, isStep: (name: string) => boolean): Source => {
  const unreadable = { kind: 'unreadable', text: String(text).slice(0, 200) } as const;
  const [, name, port, at] = (typeof text === 'string' && form.exec(text)) || [];
  if (name === undefined) return unreadable;
  if (port === undefined) return name === item ? { kind: 'item' } : unreadable;
  if (name === item && !isStep(name)) return at === undefined ? { kind: 'item', field: port } : unreadable;
  return {
    kind: 'output',
    step: name,
    port,
    ...(at === undefined ? {} : { at: at === 'index' ? at : Number(at) }),
  };
};

export const inputOf = (
  port: string,
  value: unknown,
  item: string | undefined,
  isStep: (name: string) => boolean,
): DraftInput => ({
  port,
  sources: (Array.isArray(value) ? value : [value]).map((text) => sourceOf(text, item, isStep)),
  isList: Array.isArray(value),
});
