import type { ErrorCode } from '@millrace/contracts';

/** What a step adds of its own: a number, the run's `x`, an instance's item or number, or how the run went so far. */
export type Amount = number | 'x' | 'item' | 'index' | 'outcome';

/** What `outcome` is worth. */
export const outcomes = { succeeded: 1, failed: 2, cancelled: 3 } as const;

/** Of a step, or of what begins runs. Each is a few words of CEL, and a few of arithmetic. */
export type Condition =
  | { kind: 'x'; atLeast: number }
  /** Whether a step's number is even. */
  | { kind: 'even'; step: string }
  /** How a step ended, or (`not`) didn't. */
  | { kind: 'ended'; step: string; as: 'failed' | 'skipped'; not?: boolean };

export const deeds = [
  'add',
  'slow',
  'narrow',
  'flaky',
  'picky',
  'poison',
  'deadly',
  'write',
  'read',
  'approval',
  'run',
] as const;
export type Deed = (typeof deeds)[number];

/** How many tasks of a component may be out at once, over all runs. */
export const componentLimits: { readonly [deed in Deed]?: number } = { narrow: 2 };

export interface StepSketch {
  name: string;
  does: Deed;
  adds: Amount;
  /** Steps whose numbers are added, at most three. All numbers of a step that is done for several items. */
  takes: string[];
  after?: string[];
  when?: Condition;
  /** Done for each item; an item may be another step's number. */
  each?: { items: (number | 'x' | { of: string })[]; atOnce?: number };
  /** Done again, each time adding what it had, until it has so much. */
  until?: { atLeast: number; max: number };
  /** Of what is slow or narrow. */
  ms?: number;
  /** Of what is flaky: how often it fails, with what, and how often it is tried each time that it is opened. */
  fails?: { times: number; code: ErrorCode; attempts: number; backoffMs: number; on?: ErrorCode[] };
  /** Of what writes. */
  text?: string;
  /** Of what reads: who wrote. */
  file?: string;
  /** Of an approval: given where `x` is at least this. */
  approvedFrom?: number;
  /** Of a run of another pipeline, whose `x` is what the step adds: which of that one's main steps has the number. */
  runs?: { of: Sketch; gives: string; attempts?: number; cached?: boolean };
  /** 0…9, 9 first. */
  priority?: number;
}

/**
 * A pipeline before it is written down: simple enough for its sums to be reckoned by hand. What a pipeline says in CEL
 * (`definition-of.ts`) and what must come of it (`expected.ts`) both follow from this, and neither from the other.
 */
export interface Sketch {
  name: string;
  /** Names only steps before it. */
  main: StepSketch[];
  onFailure: StepSketch[];
  finally: StepSketch[];
  /** Runs at once. */
  concurrency?: number;
  /** 0…9, 9 first. */
  priority?: number;
  schedule?: { everySeconds: number; x: number };
  trigger?: { subject: string; unlessDivisibleBy: number };
}

export const stepsOf = ({ main, onFailure, finally: last }: Sketch): StepSketch[] => [
  ...main,
  ...onFailure,
  ...last,
];

/** The port that has a step's number: of a run, the port of one of its steps, as deep down as that is. */
export const portOf = ({ runs }: StepSketch): string => {
  if (!runs) return 'value';
  const source = runs.of.main.find(({ name }) => name === runs.gives);
  return `${runs.gives}__${source ? portOf(source) : 'value'}`;
};

/** What a file's text adds to the step that reads it. */
export const textNumber = (text: string): number =>
  [...text].reduce((sum, char) => sum + char.charCodeAt(0), 0);

/** Fails for good with one value in seven. */
export const isPicked = (value: number): boolean => value % 7 === 3;

/** The steps that must be at their ends before this one. */
export const needsOf = ({ takes, file, after = [], when, each }: StepSketch): string[] => [
  ...new Set([
    ...takes,
    ...(file === undefined ? [] : [file]),
    ...after,
    ...(when && 'step' in when ? [when.step] : []),
    ...(each?.items ?? []).flatMap((item) => (typeof item === 'object' ? [item.of] : [])),
  ]),
];
