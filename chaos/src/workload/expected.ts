import type { PipelineDefinition, StepDefinition } from '@millrace/contracts';

/** How a step must end, and with which number. */
export interface ExpectedStep {
  status: 'succeeded' | 'failed' | 'skipped';
  n?: number;
}

export interface Expected {
  status: 'succeeded' | 'failed';
  steps: Map<string, ExpectedStep>;
}

/** What a run must come to, whatever happens on the way: the sums, reckoned without any machinery. */
export const expectedOf = ({ steps }: PipelineDefinition, x: number): Expected => {
  const done = new Map<string, ExpectedStep>();
  // Steps only name those before them.
  for (const [name, step] of Object.entries(steps)) done.set(name, expectedStep(step, x, done));
  const failed = [...done.values()].some(({ status }) => status === 'failed');
  return { status: failed ? 'failed' : 'succeeded', steps: done };
};

const expectedStep = (
  { component, params = {}, inputs = {} }: StepDefinition,
  x: number,
  done: ReadonlyMap<string, ExpectedStep>,
): ExpectedStep => {
  const needs = Object.values(inputs)
    .flat()
    .map((input) => done.get(input.split('.')[0] ?? ''));
  if (needs.some((need) => need?.status !== 'succeeded')) return { status: 'skipped' };
  if (component === 'chaos.poison' || component === 'chaos.deadly') return { status: 'failed' };
  if (component === 'chaos.write') return { status: 'succeeded', n: textNumber(resolve(params['text'], x)) };
  const sum = needs.reduce((total, need) => total + (need?.n ?? NaN), 0);
  return { status: 'succeeded', n: sum + Number(resolve(params['value'], x)) };
};

const resolve = (value: unknown, x: number): string =>
  String(value ?? 0).replace('${{ params.x }}', String(x));

/** What a file's text adds to the step that reads it. */
export const textNumber = (text: string): number =>
  [...text].reduce((sum, char) => sum + char.charCodeAt(0), 0);
